import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { explainCommand } from '../../src/explain/explainCommand.js';
import { command } from '../config/commandLine.js';

/** Where the times of recordings begin. */
export const T0 = Date.UTC(2025, 0, 30, 15, 30);

/** Seconds after {@link T0}. */
export interface Said {
  readonly session?: string;
  readonly page?: unknown;
  readonly at?: number;
  /** When it was published. */
  readonly came: number;
  readonly id?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

const iso = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString();

const line = ({ session = 'ann', page = 'Home', came, at = came, id, fields }: Said): string =>
  JSON.stringify({ message_id: id, publish_time: iso(came), attributes: {}, data: { session_id: session, page_title: page, ga_event_dtm: iso(at), ...fields } });

/** What the command says of a session of a recording. */
export const explained = async (said: readonly Said[], session = 'ann', ...flags: readonly string[]): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-explain-'));
  try {
    const path = join(folder, 'recorded.ndjson');
    writeFileSync(path, said.map((it) => `${line(it)}\n`).join(''));
    return (await explainedFile(path, session, ...flags)).replaceAll(path, 'recorded.ndjson');
  } finally {
    rmSync(folder, { recursive: true });
  }
};

export const explainedFile = async (path: string, session: string, ...flags: readonly string[]): Promise<string> => {
  const parsed = command(['explain', '--input', path, '--session', session, ...flags]);
  if (parsed._tag !== 'Explain') throw new Error('it does not explain');
  return lastValueFrom(explainCommand(parsed.config, () => undefined));
};
