import * as fc from 'fast-check';
import type { StateEntry } from '../../src/changelog/committedState.js';
import { entryText } from '../../src/changelog/entryText.js';
import { headOf, headText, type Head } from '../../src/changelog/head.js';
import { interning } from '../../src/changelog/interning.js';
import { Visits } from '../../src/model/visits.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { anyEntry } from './arbitraryEntries.js';
import { entriesIn } from './entryIn.js';

/** Visits as they are seen from outside; cloned, because some objects of fast-check have no prototype. */
const plain = (entry: StateEntry<Visits>): unknown => structuredClone(shown(entry));

const shown = (entry: StateEntry<Visits>): unknown => {
  if (entry._tag === 'Sessions' && entry.value) {
    return { ...entry, value: { ...entry.value, sessions: entry.value.sessions.map((session) => ({ ...session, accumulator: session.accumulator.inOrder() })) } };
  }
  // In which order a line names them means nothing.
  return entry._tag === 'Ids' ? { ...entry, ids: [...entry.ids].sort((a, b) => (a.id < b.id ? -1 : 1)) } : entry;
};

const isGone = (entry: StateEntry<Visits>): boolean => entry._tag !== 'Ids' && entry.value === undefined;

const head: Head = {
  taskTime: 1_000.5, idsFrom: -Infinity, parked: false, settings: { window_size: 60, clock: 'system', early_last_page: false },
  tally: { received: 3, duplicates: 1, contradictions: 0, deadLetters: { late: 2 } },
  watermarks: { sent: 5, reached: 6.25, elementAt: null, ticks: 0 },
  sessions: { watermark: 5, ordinal: 7, counts: { duplicates: 0, held: 1, closed: 2 } },
  early: { ordinal: 4 }, piece: { number: 3, isLast: true },
};

describe('entries as text', () => {
  test('whatever an entry holds comes back, and its line has no end of line within', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const line = entryText(entry, pagesViewedCodec);
        expect(line).not.toContain('\n');
        expect(entriesIn(line).map(plain)).toStrictEqual(isGone(entry) ? [] : [plain(entry)]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a session of three pages takes lists, no names', () => {
    const visits = Visits.of([0, 15_000, 40_000].map((after, n) => ({
      timestamp: 1_769_000_000_000 + after, title: ['Home Page', 'Basket', 'Checkout'][n]!, page: ['Home Page', 'Basket', 'Pay'][n]!,
      hasBatch: n > 0, batchPage: n, batchOrdering: n, batchIndex: 1, extra: undefined,
    })));
    const window = { start: 1_769_000_000_000, end: 1_769_000_100_000 };
    const session = { window, accumulator: visits, events: 3, mode: 'live' as const, index: 1, fresh: true, arrivedAt: 1_769_000_040_001.5, ordinal: 9 };
    expect(entryText({ _tag: 'Sessions', key: '123.456', value: { sessions: [session], closed: [] } }, pagesViewedCodec)).toBe(
      '["s","123.456",[[[1769000000000,1769000100000,3,0,1,1,1769000040001.5,9]],[]]]\t' +
        '[[1769000000000,"Home Page"],[1769000015000,"Basket",0,1,1,1],[1769000040000,"Checkout","Pay",2,2,1]]',
    );
  });

  test('equal pages become one string', () => {
    const intern = interning();
    const [first, second] = ['Home Page', 'Home Page'].map((page) => intern(Buffer.from(page).toString()));
    expect(Object.is(first, second)).toBe(true);
  });

  test.each([
    'nonsense', '{}', '[]', '["x","key",1]', '["s",1]', '["s","key]', '["s","key",5]', '["i"]', '["i",1]', '["i",1,["id","soon"],[]]', '["i",1,["id"],[]]', '["i",1,[],["id"]]', '["i",1,{},[]]', '["i","x",[],[]]', '["s","key",[[[1,2,3,9,1,1,4,5]],[]]]\t[]',
    '["s","key",[[[1,2,3,0,1,2,4,5]],[]]]\t[]', '["s","key",[[[1,2,3,0,1,1,4]],[]]]\t[]', '["s","key",[[[1,2,3,0,1,1,4,5]],[]]]', '["s","key",[[[1,2,3,0,1,1,4,5]],[]]]\t[]\t[]',
    '["s","key",[[[1,2,3,0,1,1,4,5]],[]]]\t{}', '["s","key",[[[1,2,3,0,1,1,4,5]],[]]]\t[[1]]', '["s","key",[[[1,2,3,0,1,1,4,5],[]]]]\t[]', '["s","key",[[],[]]]]', '["s","key",[[],[]]',
    '["s","key",[[[1,2,3,0,1,1,0x4,5]],[]]]\t[]', '["s","key",[[[1,-,3,0,1,1,4,5]],[]]]\t[]', '["s","key",[[],[[1,2,3,4,5]]]]', '["e","key",[[1,2,null,4]]]', '["r","key",[[0,0,1,2,"A",1,2,3,4]]]', '["r","key",[[0,0,1,2,"A",1,2,0,4,[]]]]', '["r","key",[[0,0,1,2,"A",1,2,0,4,{"segment":1}]]]',
  ])('a line of another shape is refused: %s', (line) => {
    expect(() => entriesIn(line)).toThrow();
  });
});

describe('heads as text', () => {
  test('a head comes back, watermarks without end or beginning too', () => {
    const instants = fc.oneof(fc.constantFrom(Infinity, -Infinity, null), fc.integer());
    fc.assert(
      fc.property(instants, instants, fc.boolean(), (sent, reached, parked) => {
        const one: Head = { ...head, parked, watermarks: { ...head.watermarks, sent, reached }, sessions: { ...head.sessions, watermark: sent }, piece: parked ? head.piece : null };
        expect(headOf(headText(one))).toStrictEqual(one);
      }),
    );
  });

  test.each([['taskTime', '"soon"'], ['parked', '1'], ['settings', '{"a":[]}'], ['tally', '{}'], ['piece', '7'], ['watermarks', 'null']])('a head whose %s is %s is refused, and named', (name, value) => {
    const changed = JSON.stringify({ ...JSON.parse(headText(head)), [name]: JSON.parse(value) });
    expect(() => headOf(changed)).toThrow(name);
  });
});
