import { frame, unframe } from '../../src/changelog/changelogRecord.js';
import { entryText } from '../../src/changelog/entryText.js';
import { headOf, headText } from '../../src/changelog/head.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { entriesIn } from './entryIn.js';
import { fixture, recordsOf } from './fixtures.js';
import { restore } from './history.js';
import { shown } from './shown.js';

describe('changelogs of other versions', () => {
  test.each([1, 2])('format %i restores to the state it was written of', (format) => {
    const { state, dropped, owners, parked } = restore(recordsOf(`v${format}.ndjson`), true);
    expect(shown(state?.as(pagesViewedCodec))).toEqual(JSON.parse(fixture(`v${format}.state.json`)));
    expect({ dropped, parked, owners: owners.map(({ instance }) => instance) }).toEqual({ dropped: 0, parked: false, owners: ['instance-2'] });
  });

  test('what is written today is format 2: whatever changes a byte of it is a new format', () => {
    const epochs = recordsOf('v2.ndjson').filter(({ key }) => key === 'epoch');
    for (const { offset, ...record } of epochs) expect(frame(unframe({ ...record, offset }), record.value)).toEqual(record);

    const isGone = (line: string): boolean => /^\["[ser]","[^"]*"\]$/.test(line);
    const isHead = (line: string): boolean => line.startsWith('{');
    const lines = Buffer.concat(epochs.map(({ value }) => value)).toString().trimEnd().split('\n');
    expect(lines.filter(isHead).length).toBeGreaterThan(10);
    expect(lines.filter(isHead).map((line) => headText(headOf(line)))).toEqual(lines.filter(isHead));
    const entries = lines.filter((line) => !isHead(line) && !isGone(line));
    expect(entries.flatMap((line) => entriesIn(line).map((entry) => entryText(entry, pagesViewedCodec)))).toEqual(entries);
  });
});
