import type { KeyedSessions } from '../../operators/index.js';
import type { Restored } from '../../src/changelog/changelogReader.js';
import { ChangelogRefusal } from '../../src/changelog/changelogRefusal.js';
import type { CommittedState } from '../../src/changelog/committedState.js';
import { PageTime } from '../../src/model/pageTime.js';
import type { Visit } from '../../src/model/pageView.js';
import { Visits } from '../../src/model/visits.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { exportLines } from '../../src/stateCommand/exportLines.js';
import { reportOf } from '../../src/stateCommand/report.js';
import { reportText } from '../../src/stateCommand/reportText.js';

const MINUTE = 60_000;
const NOON = Date.parse('2025-01-30T12:00:00Z');
const at = (minute: number): number => NOON + minute * MINUTE;

const visit = (minute: number, title: string, more: Partial<Visit> = {}): Visit => ({
  timestamp: at(minute), title, page: title, hasBatch: false, batchPage: 0, batchOrdering: 0, batchIndex: 0, extra: undefined, ...more,
});

const session = (mode: 'live' | 'fired' | 'historic', ...visits: readonly Visit[]): KeyedSessions<Visits>['sessions'][number] => ({
  window: { start: visits[0]!.timestamp, end: visits.at(-1)!.timestamp + MINUTE },
  accumulator: Visits.of(visits), events: visits.length, mode, index: 1, fresh: false, arrivedAt: at(10), ordinal: 0,
});

const emission = (minute: number, revision: number) => {
  const value = new PageTime('Home', at(minute), 1_500, 'next_view', at(minute), undefined);
  return [`${minute}`, { value, revision, window: { start: at(minute), end: at(minute + 1) } }] as const;
};

const SESSIONS: readonly (readonly [string, KeyedSessions<Visits>])[] = [
  ['ann', { sessions: [session('live', visit(5, 'Home', { page: 'Start' }), visit(5.5, 'Shop', { hasBatch: true, batchPage: 1, batchOrdering: 2, batchIndex: 3, extra: { device: 'mobile' } })), session('historic', visit(0, 'Old'))], closed: [] }],
  ['bob', { sessions: [], closed: [{ start: 0, end: 1, closedAt: 1, owesClosed: false, ordinal: 1 }] }],
  ['cid', { sessions: [session('fired', visit(1, 'Home'))], closed: [] }],
];

const state: CommittedState<Visits> = {
  epoch: 7,
  taskTime: at(11),
  tally: { received: 9, duplicates: 1, contradictions: 2, deadLetters: { late: 1 } },
  flow: {
    watermarks: { header: { sent: at(5), reached: at(5), elementAt: null, ticks: 0 }, entries: [] },
    sessions: { header: { watermark: at(5), ordinal: 3, counts: { duplicates: 1, held: 4, closed: 2 } }, entries: SESSIONS },
    early: { header: { ordinal: 1 }, entries: [['ann', [{ window: { start: at(5), end: at(6) }, at: at(12), ordinal: 0 }]]] },
    emitted: { header: undefined, entries: [['ann', [emission(5, 1), emission(0, 0)]], ['bob', [emission(1, 0)]]] },
  },
  ids: [{ id: 'm1', seenAt: 1, pinned: true }, { id: 'm2', seenAt: 2, pinned: false }],
};

const owner = (instance: string, takeover: number) => ({ instance, takeover, startedAt: at(-60), host: 'node-1', pid: 12 });
const restored: Restored = { state: undefined, settings: { window_size: 60 }, parked: true, owners: [owner('first', 1), owner('second', 2)], dropped: 0 };
const log = { records: 3, bytes: 100, firstOffset: 4n, lastOffset: 8n };

const report = reportOf('mine', 'mine-changelog', { log, owner: owner('second', 2), epoch: 7, restored }, state);

const REFUSAL = new ChangelogRefusal('gap', 5n, 'part 1 of epoch 9 follows epoch 7');
const refused = reportOf('mine', 'mine-changelog', { log, owner: owner('second', 2), epoch: 7, restored: REFUSAL }, undefined);

const none = reportOf('mine', 'mine-changelog', {
  log: { records: 0, bytes: 0, firstOffset: undefined, lastOffset: undefined }, owner: undefined, epoch: 0, restored: { state: undefined, settings: undefined, parked: false, owners: [], dropped: 0 },
}, undefined);

describe('the report of a state', () => {
  test('counts what is kept', () => {
    expect(report).toEqual({
      job: 'mine',
      topic: 'mine-changelog',
      log: { records: 3, bytes: 100, first_offset: 4, last_offset: 8 },
      owners: [
        { instance: 'second', takeover: 2, started_at: '2025-01-30T11:00:00Z', host: 'node-1', pid: 12 },
        { instance: 'first', takeover: 1, started_at: '2025-01-30T11:00:00Z', host: 'node-1', pid: 12 },
      ],
      epoch: 7,
      refusal: null,
      state: {
        parked: true,
        task_time: '2025-01-30T12:11:00Z',
        watermark: '2025-01-30T12:05:00Z',
        sessions: { open: 3, views: 4, live: 1, fired: 1, historic: 1, closed: 1 },
        early_results_due: 1,
        emitted: 3,
        message_ids: { remembered: 2, unconfirmed: 1 },
        account: { received: 9, duplicates: 2, dead_letters: { late: 1 }, held: 4, closed: 2, contradictions: 2 },
        settings: { window_size: 60 },
      },
    });
  });

  test('has the watermark of an input that has ended, and that of one that has not begun', () => {
    const told = (sent: number | null) => {
      const watermarks = { header: { sent, reached: sent, elementAt: null, ticks: 0 }, entries: [] };
      return reportOf('mine', 't', { log, owner: undefined, epoch: 7, restored }, { ...state, flow: { ...state.flow, watermarks } }).state?.watermark;
    };
    expect([told(Infinity), told(null)]).toEqual(['Infinity', null]);
  });

  test('of one that is refused has the refusal and the last owner, and no state', () => {
    expect(refused).toMatchObject({ epoch: 7, owners: [{ instance: 'second' }], state: null, refusal: { fault: 'gap', offset: 5, found: REFUSAL.found, advice: REFUSAL.advice } });
  });

  test('for eyes has a line a matter', () => {
    expect(reportText(report)).toBe(
      [
        'job             mine',
        'changelog       mine-changelog: 3 records, 100 bytes, offsets 4 to 8',
        'owner           second (host node-1, pid 12), started 2025-01-30T11:00:00Z, takeover 2',
        'before that     first (host node-1, pid 12), started 2025-01-30T11:00:00Z',
        'last commit     epoch 7, parked: the run had nothing left to do',
        'task time       2025-01-30T12:11:00Z',
        'watermark       2025-01-30T12:05:00Z',
        'open sessions   3 with 4 events: 1 live, 1 kept for late events, 1 of old events',
        'remembered      1 closed sessions, 3 results, 2 message ids (1 unconfirmed)',
        'early results   due in 1 sessions',
        'account         received 9, duplicates 2, late 1, held 4, closed 2',
        'settings        window_size 60',
        '',
      ].join('\n'),
    );
    expect(reportText(refused)).toContain(`last commit     epoch 7\nstate           cannot be restored (gap): at offset 5 part 1 of epoch 9 follows epoch 7\nadvice          ${REFUSAL.advice}\n`);
    expect(reportText(none)).toBe(
      ['job             mine', 'changelog       mine-changelog: no record', 'owner           nobody', 'last commit     none', 'state           none yet: a run starts anew', ''].join('\n'),
    );
  });
});

test('an export has the head and every open session with all that is known of it, and nothing of others', () => {
  const [head, ...sessions] = [...exportLines('mine', state, restored, pagesViewedCodec)].map((line): unknown => JSON.parse(line));
  expect(head).toEqual({ kind: 'head', job: 'mine', epoch: 7, ...report.state });
  const rest = { events: 1, pane_index: 1, unseen: false, arrived_at: '2025-01-30T12:10:00Z', early_result_at: null, results: [] };
  expect(sessions).toEqual([
    {
      ...rest, kind: 'session', session_id: 'ann', mode: 'live', window: { start: '2025-01-30T12:05:00Z', end: '2025-01-30T12:06:30Z' }, events: 2, early_result_at: '2025-01-30T12:12:00Z',
      visits: [
        { at: '2025-01-30T12:05:00Z', title: 'Home', page: 'Start' },
        { at: '2025-01-30T12:05:30Z', title: 'Shop', page: 'Shop', batch: [1, 2, 3], extra: { device: 'mobile' } },
      ],
      results: [{ at: '2025-01-30T12:05:00Z', page: 'Home', time_spent_seconds: 1.5, rule: 'next_view', revision: 1 }],
    },
    {
      ...rest, kind: 'session', session_id: 'ann', mode: 'historic', window: { start: '2025-01-30T12:00:00Z', end: '2025-01-30T12:01:00Z' },
      visits: [{ at: '2025-01-30T12:00:00Z', title: 'Old', page: 'Old' }],
      results: [{ at: '2025-01-30T12:00:00Z', page: 'Home', time_spent_seconds: 1.5, rule: 'next_view', revision: 0 }],
    },
    { ...rest, kind: 'session', session_id: 'cid', mode: 'fired', window: { start: '2025-01-30T12:01:00Z', end: '2025-01-30T12:02:00Z' }, visits: [{ at: '2025-01-30T12:01:00Z', title: 'Home', page: 'Home' }] },
  ]);
});
