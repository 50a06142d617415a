import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as t from 'io-ts';
import { frame, unframe, type StoredRecord } from '../../src/changelog/changelogRecord.js';
import { entryText } from '../../src/changelog/entryText.js';
import { headOf, headText } from '../../src/changelog/head.js';
import { entriesIn } from './entryIn.js';
import { restore } from './history.js';
import { shown } from './shown.js';

/**
 * Changelogs as released versions wrote them, and the state that each holds: they restore for ever.
 * A fixture is never written anew; a new format gets one of its own. They come from runs of the whole
 * pipeline (sessions of every mode, a park, restarts, sweeps, pinned ids, what was not needed trimmed
 * away). One record a line, its bytes as Latin-1.
 */
const fixture = (name: string): string => readFileSync(join(__dirname, 'fixtures', name), 'utf8');

const Line = t.type({ offset: t.string, key: t.string, headers: t.record(t.string, t.string), value: t.string });

const records = (name: string): readonly StoredRecord[] =>
  fixture(name).trimEnd().split('\n').map((text) => {
    const line: unknown = JSON.parse(text);
    if (!Line.is(line)) throw new Error(`not a line of a fixture: ${text}`);
    return { ...line, offset: BigInt(line.offset), value: Buffer.from(line.value, 'latin1') };
  });

describe('changelogs of released versions', () => {
  test.each([1, 2])('format %i restores to the state it was written of', (format) => {
    const { state, dropped, owners, parked } = restore(records(`v${format}.ndjson`), true);
    expect(shown(state)).toEqual(JSON.parse(fixture(`v${format}.state.json`)));
    expect({ dropped, parked, owners: owners.map(({ instance }) => instance) }).toEqual({ dropped: 0, parked: false, owners: ['instance-2'] });
  });

  test('what is written today is format 2: whatever changes a byte of it is a new format', () => {
    const epochs = records('v2.ndjson').filter(({ key }) => key === 'epoch');
    for (const { offset, ...record } of epochs) expect(frame(unframe({ ...record, offset }), record.value)).toEqual(record);

    const isGone = (line: string): boolean => /^\["[ser]","[^"]*"\]$/.test(line);
    const isHead = (line: string): boolean => line.startsWith('{');
    const lines = Buffer.concat(epochs.map(({ value }) => value)).toString().trimEnd().split('\n');
    expect(lines.filter(isHead).length).toBeGreaterThan(10);
    expect(lines.filter(isHead).map((line) => headText(headOf(line)))).toEqual(lines.filter(isHead));
    const entries = lines.filter((line) => !isHead(line) && !isGone(line));
    expect(entries.flatMap((line) => entriesIn(line).map(entryText))).toEqual(entries);
  });
});
