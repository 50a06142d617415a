import { deadLetterHeaders } from '../../src/model/deadLetterRecord.js';
import { resultHeaders, resultRecord } from '../../src/model/resultRecord.js';
import { identityOf, lastTold, looked } from './batch.js';
import { Live } from './live.js';
import { bodies, messageOf, MINUTE, play, playMessages, SECOND, spent, T0, type Played, type View } from './play.js';

const HOUR = 3_600;

/** Session, page, seconds, revision and timing of every result. */
const told = ({ results }: Played): readonly string[] =>
  results.map(({ emitted: { key, value, revision, pane } }) => `${key} ${value.page} ${value.timeSpent / SECOND} #${revision} ${pane.timing}${pane.historic ? ' historic' : ''}`);

/** What went wrong with other engines, as promises of the whole pipeline. */
describe('windows', () => {
  test('two views exactly one gap apart are two sessions, a millisecond less and they are one', () => {
    expect(spent(play([{ page: 'A', at: 0 }, { page: 'B', at: 60 }]))).toEqual([['s', 'A', 60], ['s', 'B', 60]]);
    expect(play([{ page: 'A', at: 0 }, { page: 'B', at: 60 }]).results.map(({ emitted }) => emitted.value.rule)).toEqual(['session_gap', 'session_gap']);
    expect(spent(play([{ page: 'A', at: 0 }, { page: 'B', at: 59.999 }], { windows: { earlyTrigger: undefined } }))).toEqual([['s', 'A', 59.999], ['s', 'B', 60]]);
  });

  test('an event behind a closed session of its key opens no second one that overlaps it, however near the end it is', () => {
    const closed: readonly View[] = [{ page: 'A', at: 0 }, { session: 'clock', page: 'X', at: 200 }];
    for (const at of [-59.999, -1, 0.001, 30, 59.999]) {
      const played = play([...closed, { page: 'B', at }]);
      expect(played.deadLetters.map(({ reason, sessionId }) => [reason, sessionId])).toEqual([['late', 's']]);
    }
    for (const at of [-60, 60]) expect(play([...closed, { page: 'B', at }]).deadLetters).toEqual([]);
  });

  test('a late event that bridges two sessions already told revises their results under the same identities', () => {
    const played = play(
      [{ page: 'A', at: 0 }, { page: 'C', at: 90 }, { session: 'clock', page: 'X', at: 250 }, { page: 'B', at: 45 }],
      { windows: { allowedLateness: 10 * MINUTE, earlyTrigger: undefined } },
    );
    expect(told(played)).toEqual(['s A 60 #0 ON_TIME', 's C 60 #0 ON_TIME', 's A 45 #1 LATE', 's B 45 #0 LATE', 'clock X 60 #0 ON_TIME']);
  });

  test('an event dated 2099 changes nothing for the others, and goes out with its reason', () => {
    const others: readonly View[] = [{ page: 'A', at: 0 }, { session: 'x', page: 'X', at: 5 }, { page: 'B', at: 20 }, { session: 'x', page: 'Y', at: 50 }, { page: 'C', at: 79 }];
    const doomsday: View = { page: 'Z', at: (Date.UTC(2099, 0) - T0) / SECOND, published: 5 };
    const played = play([...others.slice(0, 2), doomsday, { ...doomsday, session: 'new' }, ...others.slice(2)]);
    expect(bodies(played)).toEqual(bodies(play(others)));
    expect(played.deadLetters.map(deadLetterHeaders)).toMatchObject([
      { reason: 'future', stage: 'assignWatermarks', errors: expect.stringContaining('"path":"$.ga_event_dtm","expected":"at most 300 s after 2025-01-30T15:30:05Z","got":"2099-01-01T00:00:00Z, ') },
      { reason: 'future' },
    ]);
  });

  test('a phone clock that is four minutes fast closes nobody else\'s session', () => {
    const played = play([{ page: 'A', at: 0 }, { session: 'fast', page: 'X', at: 240, published: 1 }, { page: 'B', at: 30, published: 30 }, { page: 'C', at: 60, published: 60 }]);
    expect(played.deadLetters).toEqual([]);
    expect(lastTold(played.results)).toMatchObject({ [identityOf('s', T0, 'A')]: [30, 'next_view'], [identityOf('s', T0 + 30 * SECOND, 'B')]: [30, 'next_view'] });
  });

  test('old events of unseen sessions are late instead of historic when it was asked for', () => {
    const views: readonly View[] = [{ session: 'now', page: 'X', at: HOUR }, { page: 'A', at: 0 }];
    expect(play(views).deadLetters).toEqual([]);
    const { deadLetters } = play(views, { windows: { historic: 'late' } });
    expect(deadLetters.map(deadLetterHeaders)).toMatchObject([{ reason: 'late', watermark: '2025-01-30T16:29:50Z', distance_seconds: '3590' }]);
  });
});

describe('processing time', () => {
  test('the last session of the day closes without any further event', () => {
    const live = new Live().send({ page: 'A', at: 0 }).wait(129);
    expect(told(live.taken())).toEqual([]);
    expect(told(live.wait(1).taken())).toEqual(['s A 60 #0 ON_TIME']);
    expect(told(live.wait(HOUR).taken())).toEqual([]);
  });

  test.each(['disconnected', 'stalled', 'rebuilding'] as const)('but not because the task is %s', (why) => {
    const live = new Live().send({ page: 'A', at: 0 }).wait(10);
    live.clock.stop(why);
    expect(told(live.wait(HOUR).taken())).toEqual([]);
    live.clock.go(why);
    expect(told(live.wait(119).taken())).toEqual([]);
    expect(told(live.wait(1).taken())).toEqual(['s A 60 #0 ON_TIME']);
  });

  test('the first live event after a silence is on time, in whatever state the silence left the watermark', () => {
    for (const silence of [30, 61, 90, 200, HOUR]) {
      const live = new Live().send({ page: 'A', at: 0 }).wait(silence).send({ session: 'next', page: 'B', at: silence - 9.9 });
      const { results, deadLetters } = live.end().taken();
      expect(deadLetters).toEqual([]);
      expect(results.some(({ emitted }) => emitted.pane.historic)).toBe(false);
    }
  });

  test('an early pane comes 30 s after the first view it has to tell of, not re-armed by the next ones', () => {
    const live = new Live().send({ page: 'A', at: 0 }).wait(10).send({ page: 'B', at: 10 }).wait(15).send({ page: 'C', at: 25 }).wait(4);
    expect(told(live.taken())).toEqual([]);
    expect(told(live.wait(1).taken())).toEqual(['s A 10 #0 EARLY', 's B 15 #0 EARLY']);
    expect(told(live.wait(31).taken())).toEqual([]);
    expect(told(live.send({ page: 'D', at: 61 }).wait(29).taken())).toEqual([]);
    expect(told(live.wait(1).taken())).toEqual(['s C 36 #0 EARLY']);
    expect(told(live.wait(HOUR).taken())).toEqual(['s D 60 #0 ON_TIME']);
  });

  test('sessions that merge keep the earlier of their early panes', () => {
    const live = new Live().send({ page: 'A', at: 0 }).wait(20).send({ page: 'C', at: 100 }).wait(5).send({ page: 'B', at: 50 }).wait(4);
    expect(told(live.taken())).toEqual([]);
    expect(told(live.wait(1).taken())).toEqual(['s A 50 #0 EARLY', 's B 50 #0 EARLY']);
    expect(told(live.wait(60).taken())).toEqual([]);
  });

  test('no early pane comes after the final one', () => {
    const live = new Live().send({ page: 'A', at: 0 }, { page: 'B', at: 5 }).wait(20).send({ session: 'clock', page: 'X', at: 75 }).setCalendar(100).send({ session: 'clock', page: 'Y', at: 76 });
    expect(told(live.taken())).toEqual(['s A 5 #0 ON_TIME', 's B 60 #0 ON_TIME']);
    expect(told(live.wait(30).taken())).toEqual(['clock X 1 #0 EARLY']);
  });

  test('nothing is early when early panes are off', () => {
    const live = new Live({ windows: { earlyTrigger: undefined } }).send({ page: 'A', at: 0 }, { page: 'B', at: 5 }).wait(60);
    expect(told(live.taken())).toEqual([]);
  });

  test.each([HOUR, -240, -HOUR])('a calendar that is set by %i s neither loses nor repeats a deadline', (by) => {
    const run = (step: number) => {
      const live = new Live().send({ page: 'A', at: 0 }, { page: 'B', at: 10 }, { session: 'old', page: 'X', at: -HOUR }).wait(15).setCalendar(step);
      return Array.from({ length: 30 }, () => told(live.wait(10).taken()));
    };
    expect(run(by)).toEqual(run(0));
    expect(run(by).flat().toSorted()).toEqual(['old X 60 #0 ON_TIME historic', 's A 10 #0 EARLY', 's B 60 #0 ON_TIME']);
  });

  test('events beside a calendar that was set back an hour are of the future, and are told apart from what is bad', () => {
    const live = new Live().send({ page: 'A', at: 0 }).wait(10).setCalendar(-HOUR).send({ page: 'B', at: 10 }).setCalendar(HOUR).send({ page: 'C', at: 10 });
    const { deadLetters } = live.taken();
    expect(deadLetters.map(({ reason, message }) => [reason, looked(message).page])).toEqual([['future', 'B']]);
    expect(told(live.end().taken())).toEqual(['s A 10 #0 ON_TIME', 's C 60 #0 ON_TIME']);
  });
});

describe('time on page', () => {
  test('among equal timestamps follows the batch fields, whatever the order of arrival: the bytes are the same', () => {
    const fields = (ordering: unknown) => ({ batch_page_id: 1, batch_ordering_id: ordering, batch_event_index: 0 });
    const views: readonly View[] = [{ page: 'Z', at: 0, fields: fields('9') }, { page: 'Y', at: 0, fields: fields(10) }, { page: 'B', at: 0 }, { page: 'A', at: 0 }];
    const orders = permutations(views);
    expect(orders).toHaveLength(24);
    const outputs = new Set(orders.map((order) => bodies(play(order)).join('\n')));
    expect(outputs.size).toBe(1);
    expect(spent(play(views))).toEqual([['s', 'Z', 0], ['s', 'Y', 0], ['s', 'A', 0], ['s', 'B', 60]]);
  });

  test.each<[from: string, to: string, seconds: string]>([
    ['15:30:00Z', '15:30:45.5Z', '45.5'], ['15:30:00.1Z', '15:30:30.2Z', '30.1'], ['15:30:00.001Z', '15:30:00.002Z', '0.001'], ['15:30:00.0009Z', '15:30:00.0019Z', '0.001'],
    ['15:30:00.9999999Z', '15:30:01Z', '0.001'], ['15:30:00.123456Z', '15:30:00.123999Z', '0'], ['15:30:00Z', '17:30:07+02:00', '7'],
  ])('from %s to %s is %s, written without a rounding error', (from, to, seconds) => {
    const [body] = bodies(play([{ page: 'A', at: 0, fields: { ga_event_dtm: `2025-01-30T${from}` } }, { page: 'B', at: 0, fields: { ga_event_dtm: `2025-01-30T${to}` } }]));
    expect(body).toContain(`"time_spent_seconds":${seconds},`);
  });

  test('the window ends a gap after the last view, and timestamp is the moment the page was left', () => {
    expect(bodies(play([{ page: 'A', at: 0 }, { page: 'B', at: 20.25 }])).map((body): unknown => JSON.parse(body))).toEqual([
      { session_id: 's', page: 'A', time_spent_seconds: 20.25, timestamp: '2025-01-30T15:30:20.250Z', window_start: '2025-01-30T15:30:00Z', window_end: '2025-01-30T15:31:20.250Z', element_timestamp: '2025-01-30T15:30:20.250Z' },
      { session_id: 's', page: 'B', time_spent_seconds: 60, timestamp: '2025-01-30T15:31:20.250Z', window_start: '2025-01-30T15:30:00Z', window_end: '2025-01-30T15:31:20.250Z', element_timestamp: '2025-01-30T15:30:20.250Z' },
    ]);
  });

  test('of the open page is provisional: the next view makes a revision, and both say what they are', () => {
    const live = new Live({ results: { earlyLastPage: true } }).send({ page: 'A', at: 0 }).wait(30).send({ page: 'B', at: 31 }).wait(31);
    const { results } = live.end().taken();
    expect(results.map((result): readonly unknown[] => [result.emitted.value.page, result.emitted.value.timeSpent / SECOND, JSON.parse(resultHeaders(result)['pane'] ?? '')])).toEqual([
      ['A', 60, { timing: 'EARLY', index: 0, final: false, revision: 0, entry: T0, rule: 'session_gap' }],
      ['A', 31, { timing: 'EARLY', index: 1, final: false, revision: 1, entry: T0, rule: 'next_view' }],
      ['B', 60, { timing: 'EARLY', index: 1, final: false, revision: 0, entry: T0 + 31 * SECOND, rule: 'session_gap' }],
    ]);
  });
});

describe('duplicates', () => {
  const session: readonly View[] = [{ page: 'A', at: 0, id: '1' }, { page: 'B', at: 30, id: '2' }];
  const later = (at: number): View => ({ session: 'clock', page: 'X', at });

  test('of a message id are dropped, whatever they hold', () => {
    const played = play([...session, { page: 'A', at: 0, id: '1' }, { page: 'C', at: 31, id: '2' }, { page: 'D', at: 32, id: '2', fields: { session_id: null } }]);
    expect(spent(played)).toEqual([['s', 'A', 30], ['s', 'B', 60]]);
    expect(played.counts).toMatchObject({ received: 5, duplicates: 3, deadLetters: {} });
  });

  test('of the content under a new id are dropped while their session is held, late while it is remembered, then historic', () => {
    const again = (id: string, published: number): View => ({ page: 'A', at: 0, id, published });
    const played = play([...session, again('3', 40), later(150), again('4', 151), later(1_500), again('5', 1_501)]);
    expect(played.counts).toMatchObject({ duplicates: 1, deadLetters: { late: 1 } });
    expect(told(played).filter((line) => line.startsWith('s '))).toEqual(['s A 30 #0 EARLY', 's B 60 #0 ON_TIME', 's A 60 #0 ON_TIME historic']);
    expect(lastTold(played.results)).toMatchObject({ [identityOf('s', T0, 'A')]: [30, 'next_view'] });
  });

  test('of a dead letter by its id are not a second dead letter', () => {
    const played = play([{ at: 0, id: '1', fields: { page_title: '' } }, { at: 0, id: '1', fields: { page_title: '' } }]);
    expect(played.counts).toMatchObject({ duplicates: 1, deadLetters: { invalid: 1 } });
  });

  test('a message without an id is nobody\'s duplicate by id', () => expect(play([{ page: 'A', at: 0 }, { page: 'B', at: 1 }]).counts.duplicates).toBe(0));
});

describe('results', () => {
  const views: readonly View[] = [
    { page: 'A', at: 0 }, { session: 'x', page: 'X', at: 5 }, { page: 'B', at: 20, published: 29 }, { page: 'C', at: 10 }, { session: 'x', page: 'Y', at: 80 },
    { session: 'old', page: 'O', at: -90_000 }, { page: 'A', at: 1 }, { session: 'x', page: 'Z', at: 300 }, { page: 'A', at: 2 },
  ];

  test('are the same bytes when the same input is played again: keys, bodies and headers', () => {
    const record = () => playMessages(views.map((view, n) => messageOf({ ...view, published: n * 40 }))).results.map((result) => resultRecord(result, { timestampPrecision: 'milliseconds' }));
    expect(record().length).toBeGreaterThan(5);
    expect(record()).toEqual(record());
  });

  test('go out under their session, all revisions in one partition, with the three agreed headers', () => {
    for (const result of play(views).results) {
      const { key, placement, headers } = resultRecord(result, { timestampPrecision: 'milliseconds' });
      expect([key, placement, headers['session_id']]).toEqual(Array(3).fill(result.emitted.key));
      expect(Object.keys(headers)).toEqual(['session_id', 'processing_time', 'pane']);
    }
  });
});

const permutations = <A>(items: readonly A[]): readonly (readonly A[])[] =>
  items.length === 0 ? [[]] : items.flatMap((item, at) => permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]));
