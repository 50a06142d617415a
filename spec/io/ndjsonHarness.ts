import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, concatMap, ignoreElements, lastValueFrom, NEVER, of, toArray } from 'rxjs';
import { ndjsonSource, type NdjsonSourceOptions } from '../../src/io/ndjsonSource.js';
import type { Message } from '../../src/model/message.js';
import type { Source, SourceEvent } from '../../src/runtime/ports.js';

/** A folder of its own for every test. */
export function folderPerTest(): (name: string, content?: string | Buffer) => string {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ndjson-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  return (name, content) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
}

/** All that the source tells, when everything is acked as soon as it is delivered. */
export const eventsFrom = (source: Source): Promise<readonly SourceEvent[]> =>
  lastValueFrom(
    source.open({ stop$: NEVER, maxOutstandingMessages: 30_000 }).pipe(
      concatMap((event) => (event._tag === 'Delivered' ? concat(of(event), source.ack(event.messages).pipe(ignoreElements())) : of(event))),
      toArray(),
    ),
  );

export const eventsOf = (options: NdjsonSourceOptions): Promise<readonly SourceEvent[]> => eventsFrom(ndjsonSource(options));

export const messagesIn = (events: readonly SourceEvent[]): readonly Message[] => events.flatMap((event) => (event._tag === 'Delivered' ? event.messages : []));

/** Resolves as soon as `look` says so. */
export async function until(what: string, look: () => boolean, patience = 20_000): Promise<void> {
  const start = performance.now();
  while (!look()) {
    if (performance.now() - start > patience) throw new Error(`waited ${patience} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
