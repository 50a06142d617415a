import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deadLetterRecord } from '../../src/model/deadLetterRecord.js';
import { PageNames } from '../../src/model/pageNames.js';
import { fitted, recordBytes } from '../../src/model/record.js';
import { NO_REFERENCE_DATA } from '../../src/model/referenceData.js';
import { MOST_ATTRIBUTES } from './mutations.js';
import { eventOf, message, playMessages, spent } from './play.js';

const LONGEST = 100_000;

describe('what a session is made of is bounded', () => {
  test.each(['session_id', 'page_title'])('a %s may have 100 000 characters and no more', (field) => {
    const bodies = [LONGEST, LONGEST + 1].map((length) => JSON.stringify({ ...eventOf({ at: 0 }), [field]: 'x'.repeat(length) }));
    const played = playMessages(bodies.map((body) => message(body, { at: 0 })));
    expect(spent(played)).toHaveLength(1);
    expect(played.deadLetters).toMatchObject([{ reason: 'invalid', faults: [{ path: `$.${field}`, expected: 'a non-blank string of at most 100000 characters' }] }]);
  });

  test('names of pages that are remembered do not take the room that long ones need', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const names = new PageNames(() => NO_REFERENCE_DATA);
    const title = (n: number): string => Buffer.alloc(50_000, `${n} `).toString('latin1');
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 2_000; n += 1) names.of(title(n));
    collect();
    // They have 100 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
    expect(names.of(title(7)).page).toBe(title(7).trim());
  });
});

describe('what a dead letter says is bounded', () => {
  const attributes = Object.fromEntries(Array.from({ length: MOST_ATTRIBUTES.count }, (_, n) => [`${n}`.padEnd(MOST_ATTRIBUTES.name, 'n'), 'v'.repeat(MOST_ATTRIBUTES.value)]));

  test('every fault of an event, each short, whatever stood there', () => {
    const names = ['session_id', 'page_title', 'ga_event_dtm', 'event_name', 'event_timestamp_ms', 'batch_page_id', 'batch_ordering_id', 'batch_event_index'];
    const bad = (value: unknown) => JSON.stringify(Object.fromEntries(names.map((name) => [name, value])));
    const { deadLetters } = playMessages([bad('\u0001'.repeat(1_000_000)), bad(Array.from({ length: 100_000 }, () => 0))].map((body) => message(body, { at: 0 })));
    for (const letter of deadLetters) expect(deadLetterRecord(letter).headers['errors']?.length).toBeLessThan(6_000);
    expect(deadLetters.map(({ faults }) => faults.length)).toEqual([7, 8]);
  });

  test('with all the attributes that Pub/Sub allows it fits into a topic as Kafka creates it', () => {
    const { deadLetters: [letter] } = playMessages([message('not JSON', { at: 0, attributes })]);
    const record = deadLetterRecord(letter!);
    expect(Object.keys(record.headers).filter((name) => name.startsWith('attribute.'))).toHaveLength(100);
    expect(recordBytes(record)).toBeGreaterThan(128_000);
    expect(fitted(record, 1_048_588 - 61)).toBe(record);
  });

  test('beside a body of 10 MB it fits into a topic as the docs create it; in a smaller one the attributes give way, the reason does not', () => {
    const { deadLetters: [letter] } = playMessages([message('x'.repeat(10_000_000), { at: 0, attributes })]);
    const record = deadLetterRecord(letter!);
    expect(fitted(record, 11_534_336 - 61)).toBe(record);
    for (const limit of [1_048_588, 100_000, 20_000]) {
      const cut = fitted(record, limit);
      expect(recordBytes(cut)).toBeLessThanOrEqual(limit);
      expect(cut.headers).toMatchObject({ reason: 'not_json', stage: 'validate', errors: record.headers['errors'], truncated: expect.stringContaining('"bytes":10000000') });
    }
  });
});
