import { readFile } from 'node:fs/promises';
import type { Redrives } from '../redrive/ports.js';
import { rememberedIn, rememberedText } from '../redrive/remembered.js';
import { AppendedFile } from './appendedFile.js';
import { FileError, fileError, systemCode } from './fileError.js';

/**
 * What is remembered of the redrives of a file, in a file beside it: `<file>.redriven`, one line a piece.
 *
 * *Back pressure*: one piece at a time. *Delivery guarantee*: a piece is sent first and written down, synced,
 * then; nobody keeps two redrives of one file apart. *On failure*: a `FileError`.
 */
export function fileRedrives(path: string, to: string): Redrives {
  const name = `${path}.redriven`;
  const file = new AppendedFile(name);

  const look = async (): Promise<ReadonlySet<string>> => new Set((await linesOf(name)).flatMap((line, place) => {
    const places = rememberedIn(line);
    if (!places) throw new FileError(`${name} holds in line ${place + 1} what no redrive has written`);
    return places;
  }));

  return {
    look,
    async takeOver() {
      await file.open();
      return look();
    },
    async remember(places, send) {
      await send();
      await file.append(`${rememberedText(places, to)}\n`);
    },
    close: () => file.close(),
  };
}

/** Whole lines only; none where there is no such file. */
async function linesOf(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return [];
    throw fileError(`cannot read ${path}`, thrown);
  }
}
