import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as t from 'io-ts';
import type { StoredRecord } from '../../src/changelog/changelogRecord.js';

/**
 * Changelogs as other versions wrote them, and the state that each holds: they restore for ever.
 * A fixture is never written anew; a new format gets one of its own. They come from runs of the whole
 * pipeline (sessions of every mode, a park, restarts, sweeps, pinned ids, what was not needed trimmed
 * away). One record a line, its bytes as Latin-1.
 */
export const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

const Line = t.type({ offset: t.string, key: t.string, headers: t.record(t.string, t.string), value: t.string });

export const recordsOf = (name: string): readonly (StoredRecord & { readonly headers: Readonly<Record<string, string>>; readonly key: string })[] =>
  fixture(name).trimEnd().split('\n').map((text) => {
    const line: unknown = JSON.parse(text);
    if (!Line.is(line)) throw new Error(`not a line of a fixture: ${text}`);
    return { ...line, offset: BigInt(line.offset), value: Buffer.from(line.value, 'latin1') };
  });
