import { isVisits } from '../../src/model/visits.js';
import type { CommittedEpoch, ObservedTask, TaskObservation, TaskObserver } from '../../src/runtime/observation.js';
import { isStarted, problemsOf, unreadiness } from '../../src/status/health.js';
import { T0 } from '../pipeline/play.js';
import { Disk, Rig, type RigOptions } from './rig.js';

class Watcher implements TaskObserver {
  task: ObservedTask | undefined;
  readonly epochs: CommittedEpoch[] = [];
  failures = 0;

  attached(task: ObservedTask): void {
    this.task = task;
  }

  committed(epoch: CommittedEpoch): void {
    this.epochs.push(epoch);
  }

  commitFailed(): void {
    this.failures += 1;
  }

  get seen(): TaskObservation {
    if (!this.task) throw new Error('nothing is attached');
    return this.task.observe();
  }

  /** Ids of what is wrong. */
  get problems(): readonly string[] {
    return problemsOf(this.seen).map(({ id }) => id);
  }

  get isReady(): boolean {
    return unreadiness(this.seen).length === 0;
  }
}

const watched = (options: RigOptions = {}): { readonly rig: Rig; readonly watcher: Watcher } => {
  const watcher = new Watcher();
  return { rig: new Rig({ ...options, observer: watcher }).start(), watcher };
};

describe('what a task tells of itself', () => {
  test('what is processed, and apart from that what is committed', () => {
    const { rig, watcher } = watched();
    rig.view({ page: 'A', id: '1' }, { page: 'B', at: 5, id: '2' }, { page: 'B', at: 5, id: '3' }, { page: 'A', id: '1' });
    expect(watcher.seen).toMatchObject({
      phase: 'running', counts: { received: 4, duplicates: 2, held: 2 }, duplicateIds: 1, committed: { counts: { received: 0 }, epochs: 0 },
      sessions: { open: 1, historic: 0, remembered: 0 }, messages: { waiting: 0, collected: 4, committing: 0, limit: 30_000 }, watermark: T0 - 10_000,
    });
    rig.pass(1);
    expect(watcher.seen).toMatchObject({ committed: { counts: { received: 4, duplicates: 2, held: 2 }, duplicateIds: 1, epochs: 1 }, messages: { collected: 0 } });
  });

  test('panes by timing, results, and the corrections among them', () => {
    const { rig, watcher } = watched({ startsAt: 1_000, rules: { windows: { allowedLateness: 60_000 } } });
    rig.view({ page: 'A', at: 0 }, { page: 'B', at: 20 });
    rig.pass(31); // an early pane
    rig.view({ session: 't', at: 100 });
    rig.pass(1); // fires the first session
    rig.view({ page: 'between', at: 10 });
    rig.pass(1); // a late pane, which corrects A
    expect(watcher.seen.committed).toMatchObject({ panes: { EARLY: 1, ON_TIME: 1, LATE: 1 }, results: 4, revisions: 1 });
  });

  test('sessions by their kind', () => {
    const { rig, watcher } = watched({ startsAt: 1_000 });
    rig.view({ session: 'live', at: 500 }, { session: 'old', at: 0 });
    expect(watcher.seen.sessions).toEqual({ open: 2, historic: 1, remembered: 0 });
    rig.view({ session: 'later', at: 600 });
    expect(watcher.seen.sessions).toEqual({ open: 2, historic: 1, remembered: 1 });
  });

  test('all of one session', () => {
    const { rig, watcher } = watched();
    rig.view({ page: 'A' }, { page: 'B', at: 20 });
    rig.pass(31);
    rig.view({ page: 'C', at: 40 });
    const told = watcher.task?.session('s');
    expect(told?.sessions.map(({ mode, window, accumulator }) => [mode, window.end - T0, isVisits(accumulator) && accumulator.inOrder().map(({ page }) => page)])).toEqual([['live', 100_000, ['A', 'B', 'C']]]);
    expect(told?.early).toHaveLength(1);
    expect(told?.emitted.map(({ value }) => value)).toMatchObject([{ page: 'A', timeSpent: 20_000 }]);
    expect(watcher.task?.session('nobody')).toBeUndefined();
    rig.hand.end();
  });

  test('each epoch once it is durable: how long it took, and how old its oldest message was', () => {
    const { rig, watcher } = watched();
    rig.sink.stalled = true;
    rig.view({ page: 'A', published: -3 }, { page: 'B', published: -7 });
    rig.pass(3);
    expect(watcher.epochs).toEqual([]);
    rig.sink.release();
    expect(watcher.epochs).toMatchObject([{ number: 1, took: 2_000, committedAt: T0 + 3_000, oldestPublishTime: T0 - 7_000 }]);
    expect(watcher.epochs[0]?.messages).toHaveLength(2);
  });

  test('what is committed never goes back, though what is processed does when a broken pipeline has to do it again', () => {
    let broken = false;
    const { rig, watcher } = watched({ before: ({ body }) => { if (String(body).includes('"C"') && !broken) { broken = true; throw new Error('cannot bear C'); } } });
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 1 }, { page: 'C', at: 2 });
    expect(watcher.seen).toMatchObject({ phase: 'rebuilding', restarts: 1, failure: 'cannot bear C', counts: { received: 1 }, committed: { counts: { received: 1 } } });
    expect([watcher.problems, watcher.isReady]).toEqual([['pipeline-restarts'], false]);
    rig.pass(2);
    expect(watcher.seen).toMatchObject({ phase: 'running', restarts: 1, committed: { counts: { received: 3, held: 3 } } });
    expect([watcher.problems, watcher.isReady]).toEqual([[], true]);
  });
});

test('what a callback says of an event that broke it is neither logged nor shown', () => {
  const { rig, watcher } = watched({ before: () => { throw new SyntaxError('Unexpected token in JSON: "Divorce Lawyers" is not \'a page\''); } });
  rig.view({ page: 'A' });
  expect(watcher.seen.failure).toBe('Unexpected token in JSON: … is not …');
  expect(rig.logs).toContainEqual({ level: 'error', event: 'pipeline_broken', fields: { error: 'Unexpected token in JSON: … is not …', restarts: 1 } });
});

describe('whether it is well', () => {
  test('while its state is restored it is neither started nor ready', () => {
    const disk = new Disk();
    disk.isSilent = true;
    const { watcher } = watched({ disk });
    expect([watcher.seen.phase, isStarted(watcher.seen), watcher.isReady]).toEqual(['restoring', false, false]);
    const { watcher: other } = watched();
    expect([other.seen.phase, isStarted(other.seen), other.isReady]).toEqual(['running', true, true]);
  });

  test('a source that is not open yet, lost, and back', () => {
    const { rig, watcher } = watched();
    rig.hand.interrupted();
    expect(watcher.seen).toMatchObject({ source: { isOpen: false, losses: 1, cause: 'the line was cut' }, standstill: ['disconnected'] });
    expect([problemsOf(watcher.seen), watcher.isReady]).toEqual([[{ id: 'source-lost', level: 'bad', text: 'The source is lost: the line was cut' }], false]);
    rig.hand.opened();
    expect([watcher.problems, watcher.isReady]).toEqual([[], true]);
    rig.hand.interrupted({ lost: false }); // to open it with more room is no loss
    expect([watcher.problems, watcher.isReady]).toEqual([[], true]);
  });

  test('an output that refuses, and takes it in the end', () => {
    const { rig, watcher } = watched();
    rig.sink.failures.push(new Error('disk full'), new Error('disk full'), new Error('disk full'));
    rig.view({ page: 'A' });
    rig.pass(1.2);
    expect(watcher.seen.commit).toMatchObject({ failures: 2, failure: 'disk full' });
    expect([watcher.problems, watcher.isReady, watcher.failures]).toEqual([['commits-fail'], false, 2]);
    rig.pass(1);
    expect(watcher.seen.commit).toMatchObject({ failures: 0, failure: undefined, pending: 0 });
    expect([watcher.problems, watcher.isReady, watcher.failures]).toEqual([[], true, 3]);
  });

  test('an output that says nothing', () => {
    const { rig, watcher } = watched();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(31);
    expect([watcher.problems, watcher.isReady]).toEqual([[], true]);
    rig.pass(1);
    expect([watcher.problems, watcher.isReady]).toEqual([['commits-stuck'], false]);
    expect(watcher.seen.commit).toMatchObject({ pending: 31_000, age: 32_000 });
  });

  test('a start after a crash holds, and is ready', () => {
    const disk = new Disk();
    disk.isParked = false;
    const { watcher } = watched({ disk });
    expect([watcher.seen.standstill, watcher.problems, watcher.isReady]).toEqual([['holding'], ['holding'], true]);
  });

  test('event time that is far behind the clock', () => {
    const { rig, watcher } = watched();
    rig.view({ at: -700, published: 0 });
    expect([watcher.problems, watcher.isReady]).toEqual([['watermark-behind'], true]);
  });

  test('at its end it is not ready', () => {
    const { rig, watcher } = watched();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.hand.end();
    expect([watcher.seen.phase, watcher.seen.watermark, watcher.isReady]).toEqual(['ending', Infinity, false]);
  });
});
