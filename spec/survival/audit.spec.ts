import type { Finished } from '../e2e/program.js';
import type { KafkaRecord } from '../support/kafkaRecords.js';
import { differences, type Left } from '../../src/simulate/audit.js';
import type { Planned } from '../../src/simulate/planned.js';
import { GAP } from './load.js';

const at = (seconds: number): string => new Date(Date.UTC(2025, 0, 30) + seconds * 1_000).toISOString();

const view = (n: number, seconds: number, page: string, due: Planned['due'] = 'result', session = 'visitor-1'): Planned => ({
  n, due, data: JSON.stringify({ session_id: session, page_title: page, ga_event_dtm: at(seconds) }),
});

const PUBLISHED: readonly Planned[] = [
  view(0, 0, 'A'),
  view(1, 20, 'B'),
  view(2, 20, 'B', 'duplicate'),
  view(3, 5, 'C', 'late', 'visitor-0'),
  view(4, 0, 'Page 4', 'either', 'anyhow-1'),
  view(5, 0, 'Page 5', 'either', 'anyhow-2'),
];

const result = (offset: number, session: string, page: string, entry: number, seconds: number, pane: { readonly rule: string; readonly revision?: number; readonly final?: boolean }): KafkaRecord => ({
  partition: 0, offset, key: session,
  value: JSON.stringify({ session_id: session, page, time_spent_seconds: seconds }),
  headers: { pane: JSON.stringify({ revision: 0, final: false, entry: Date.parse(at(entry)), ...pane }) },
});

const letter = (n: number, reason: string): KafkaRecord => ({
  partition: 0, offset: n, key: null, value: PUBLISHED[n]?.data ?? '', headers: { reason, 'attribute.n': `${n}` },
});

const A_FIRST = result(0, 'visitor-1', 'A', 0, 60, { rule: 'session_gap' });
const A = result(1, 'visitor-1', 'A', 0, 20, { rule: 'next_view', revision: 1, final: true });
const B = result(2, 'visitor-1', 'B', 20, 60, { rule: 'session_gap', final: true });
const OF_4 = result(3, 'anyhow-1', 'Page 4', 0, 60, { rule: 'session_gap', final: true });
const LATE = [letter(3, 'late'), letter(5, 'late')];

const FINISHED: Finished = { level: 'info', event: 'finished', received: 7, duplicates: 2, deadLetters: { late: 2 }, held: 0, closed: 3, results: 4 };

const audit = (changed: Partial<Left>): readonly string[] => differences(PUBLISHED, { results: [A_FIRST, A, B, OF_4], deadLetters: LATE, finished: FINISHED, ...changed }, GAP);

test('what is as it should be differs in nothing', () => {
  expect(audit({})).toEqual([]);
});

test.each<{ fault: string; left: Partial<Left>; told: string }>([
  { fault: 'a result is missing', left: { results: [A_FIRST, A, OF_4] }, told: 'expected 60 session_gap, found missing' },
  { fault: 'the last revision is missing', left: { results: [A_FIRST, B, OF_4] }, told: 'expected 20 next_view, found 60 session_gap' },
  { fault: 'a result is there twice', left: { results: [A_FIRST, A, A, B, OF_4] }, told: 'has the revisions 0,1,1' },
  { fault: 'revisions go back', left: { results: [A, A_FIRST, B, OF_4] }, told: 'has the revisions 1,0' },
  { fault: 'a result is final twice', left: { results: [{ ...A_FIRST, headers: A.headers }, A, B, OF_4] }, told: 'has 2 final revisions' },
  { fault: 'revisions are spread over partitions', left: { results: [A_FIRST, { ...A, partition: 1 }, B, OF_4] }, told: 'is in more than one partition' },
  { fault: 'a result is of nobody', left: { results: [A_FIRST, A, B, OF_4, result(4, 'visitor-9', 'A', 0, 60, { rule: 'session_gap' })] }, told: 'expected missing, found 60 session_gap' },
  { fault: 'a dead letter is missing', left: { deadLetters: [letter(5, 'late')] }, told: 'message 3, due as late, was not refused' },
  { fault: 'a dead letter is there twice', left: { deadLetters: [...LATE, letter(3, 'late')] }, told: 'message 3 was refused twice' },
  { fault: 'a dead letter has another reason', left: { deadLetters: [letter(3, 'invalid'), letter(5, 'late')] }, told: 'message 3, due as late, was refused as invalid' },
  { fault: 'a dead letter has other bytes', left: { deadLetters: [{ ...letter(3, 'late'), value: '{}' }, letter(5, 'late')] }, told: 'message 3, due as late, was refused as late' },
  { fault: 'a good message is refused', left: { deadLetters: [...LATE, letter(1, 'late')] }, told: 'message 1, due as result, was refused as late' },
  { fault: 'a message of the second load is gone', left: { deadLetters: [letter(3, 'late')] }, told: 'message 5 has no outcome' },
  { fault: 'a message of the second load has two outcomes', left: { deadLetters: [...LATE, letter(4, 'late')] }, told: 'message 4 was refused and has a result' },
  { fault: 'a session is still open', left: { finished: { ...FINISHED, held: 1, closed: 2 } }, told: 'held: expected 0, counted 1' },
  { fault: 'a view is counted twice', left: { finished: { ...FINISHED, received: 8, closed: 4 } }, told: 'closed: expected 3, counted 4' },
  { fault: 'a message is not accounted for', left: { finished: { ...FINISHED, received: 8 } }, told: 'accounted for: expected 8, counted 7' },
  { fault: 'a dead letter is not counted', left: { finished: { ...FINISHED, duplicates: 3, deadLetters: { late: 1 } } }, told: 'late: expected 2, counted 1' },
])('it tells that $fault', ({ left, told }) => {
  expect(audit(left)).toContainEqual(expect.stringContaining(told));
});
