import type { FlowOutput } from '../../src/runtime/flow.js';
import type { Message } from '../../src/model/message.js';
import { PageTime } from '../../src/model/pageTime.js';
import { Rig, expectConserved, type RigOptions } from './rig.js';

class Broken extends Error {}

/** Throws at a message the first `times` times that it comes. */
const throwsAt = (page: string, times: number) => {
  let left = times;
  return ({ body }: Message): void => {
    if (left === 0 || !String(body).includes(`"${page}"`)) return;
    left -= 1;
    throw new Broken(`cannot bear ${page}`);
  };
};

const isEarly = (output: FlowOutput): boolean => output._tag === 'Emitted' && output.pane.timing === 'EARLY';

/** Throws at an output the first `times` times that there is one such. */
const throwsOn = (what: (output: FlowOutput) => boolean, times: number) => {
  let left = times;
  return (output: FlowOutput): void => {
    if (left === 0 || !what(output)) return;
    left -= 1;
    throw new Broken('cannot bear this output');
  };
};

const started = (options: RigOptions): Rig => new Rig(options).start();

describe('a callback that throws', () => {
  test('once: the pipeline is rebuilt from the last commit and gets the messages since then again, in order', () => {
    const order: string[] = [];
    const once = throwsAt('C', 1);
    const rig = started({ before: (message) => { order.push(String(message.receipt)); once(message); } });
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 1 }, { page: 'C', at: 2 }, { page: 'D', at: 3 });
    rig.pass(2);
    expect(order).toEqual(['1', '2', '3', '2', '3', '4']);
    expect(rig.builds).toBe(2);
    expect(rig.logs).toContainEqual({ level: 'error', event: 'pipeline_broken', fields: { error: 'cannot bear C', restarts: 1 } });
    rig.hand.end();
    expect(rig.spent).toEqual([['s', 'A', 1], ['s', 'B', 1], ['s', 'C', 1], ['s', 'D', 60]]);
    expect(rig.sink.deadLetters).toEqual([]);
    expect(rig.outcome).toBe('complete');
    expect(rig.journal.filter((entry) => entry.startsWith('ack'))).toEqual(['ack 1', 'ack 2', 'ack 3,4', 'ack']);
    expectConserved(rig);
  });

  test('twice at one message: it becomes a dead letter with the error, and the others have their results', () => {
    const rig = started({ before: throwsAt('C', Infinity) });
    rig.view({ page: 'B', at: 1 }, { page: 'C', at: 2 }, { page: 'D', at: 3 });
    rig.pass(5);
    rig.hand.end();
    expect(rig.spent).toEqual([['s', 'B', 2], ['s', 'D', 60]]);
    expect(rig.sink.deadLetters).toMatchObject([
      { reason: 'processing_failed', stage: 'pipeline', faults: [{ path: '$', expected: 'to be processed', got: 'cannot bear C' }], message: { receipt: 2 } },
    ]);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, closed: 2, deadLetters: { processing_failed: 1 } });
    expect(rig.hand.acked.map(({ receipt }) => receipt)).toEqual([1, 2, 3]);
    expect(rig.outcome).toBe('complete');
    expectConserved(rig);
  });

  test('a throw on the way out counts against the message that caused the output', () => {
    const rig = started({ rules: { windows: { allowedLateness: 600_000 } }, after: throwsOn((output) => output._tag === 'Emitted' && output.value instanceof PageTime && output.value.page === 'late', Infinity) });
    rig.pass(140);
    rig.view({ session: 'other', page: 'X' });
    rig.view({ session: 's', page: 'late', at: 0 }, { session: 's', page: 'B' });
    rig.pass(5);
    rig.hand.end();
    expect(rig.sink.deadLetters).toMatchObject([{ reason: 'processing_failed', message: { receipt: 2 } }]);
    expect(rig.spent).toEqual([['other', 'X', 60], ['s', 'B', 60]]);
  });

  test('many messages that break the pipeline do not end the run: each is found out by itself', () => {
    const rig = started({ maxRestarts: 3, before: ({ body }) => { if (String(body).includes('"C"')) throw new Broken('cannot bear C'); } });
    rig.hand.deliver(Array.from({ length: 40 }, (_, n) => rig.message({ session: `s${n}`, page: n % 2 === 0 ? 'C' : 'A' })));
    rig.pass(60);
    expect(rig.outcome).toBe('running');
    rig.hand.end();
    expect(rig.outcome).toBe('complete');
    expect(rig.lastReport?.counts).toMatchObject({ received: 40, closed: 20, deadLetters: { processing_failed: 20 } });
    expect(rig.hand.acked).toHaveLength(40);
    expectConserved(rig);
  });

  test('while a commit is pending, the pipeline is rebuilt when that has been decided, and not before', () => {
    const rig = started({ before: throwsAt('B', 1) });
    rig.sink.stalled = true;
    rig.view({ page: 'A', at: 1 });
    rig.pass(1);
    rig.view({ page: 'B', at: 2 });
    rig.pass(20);
    expect(rig.builds).toBe(1);
    rig.view({ page: 'C', at: 3 });
    rig.sink.failures.push(new Error('not yet'));
    rig.sink.flow();
    rig.pass(20);
    expect(rig.builds).toBe(2);
    rig.hand.end();
    expect(rig.spent).toEqual([['s', 'A', 1], ['s', 'B', 1], ['s', 'C', 60]]);
    expect(rig.hand.acked.map(({ receipt }) => receipt)).toEqual([1, 2, 3]);
    expectConserved(rig);
  });

  test('ids of the uncommitted epoch are no duplicates when they come again; those of the committed ones are', () => {
    const rig = started({ before: throwsAt('C', 1) });
    rig.view({ page: 'A', id: 'a' });
    rig.pass(1);
    rig.view({ page: 'A', id: 'a' }, { page: 'B', at: 1, id: 'b' }, { page: 'B', at: 1, id: 'b' }, { page: 'C', at: 2, id: 'c' });
    rig.pass(3);
    expect(rig.builds).toBe(2);
    expect(rig.lastReport?.counts).toMatchObject({ received: 5, duplicates: 2, held: 3 });
    expectConserved(rig);
  });

  test('a timer that throws counts as a restart, names no message and is tried again', () => {
    const rig = started({ after: throwsOn(isEarly, 2) });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(40);
    expect(rig.builds).toBe(3);
    expect(rig.spent).toEqual([['s', 'A', 5]]);
    expect(rig.sink.deadLetters).toEqual([]);
    expectConserved(rig);
  });

  test('a timer that throws while others are due leaves none of them running', () => {
    const rig = started({ after: throwsOn(isEarly, 1) });
    // Their early panes are due within one look at the clock, but not at one instant.
    rig.pass(0.01);
    rig.view({ session: 'a', page: 'A', at: 0 }, { session: 'a', page: 'B', at: 5 });
    rig.pass(0.01);
    rig.view({ session: 'b', page: 'A', at: 0 }, { session: 'b', page: 'B', at: 5 });
    rig.pass(32);
    expect(rig.builds).toBe(2);
    expect(rig.spent).toEqual([['a', 'A', 5], ['b', 'A', 5]]);
  });

  test('too many restarts without a commit end the run with the error', () => {
    const rig = started({ maxRestarts: 4, after: throwsOn(isEarly, Infinity) });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(60);
    expect(rig.builds).toBe(5);
    expect(rig.outcome).toEqual({ error: new Broken('cannot bear this output') });
    expect(rig.hand.closed).toBe(true);
  });

  test('a commit in between makes the count of restarts start again', () => {
    const rig = started({ maxRestarts: 1, before: ({ receipt }) => { if (receipts.delete(receipt)) throw new Broken('once'); } });
    const receipts = new Set<Message['receipt']>([2, 3, 4, 5]);
    for (let n = 0; n < 6; n += 1) {
      rig.view({ page: `P${n}` });
      rig.pass(3);
    }
    expect(rig.builds).toBe(5);
    expect(rig.outcome).toBe('running');
    expect(rig.lastReport?.counts).toMatchObject({ received: 6, held: 6 });
  });

  test.each([
    { end: 'the input ends', go: (rig: Rig) => rig.hand.end(), forced: false },
    { end: 'it is stopped', go: (rig: Rig) => rig.stop$.next('SIGTERM'), forced: 'drain' },
  ])('once while everything closes because $end: it closes again', ({ go, forced }) => {
    const rig = started({ after: throwsOn(({ _tag }) => _tag === 'Emitted', 1) });
    rig.view({ page: 'A' });
    rig.pass(1);
    expect(rig.hand.acked).toHaveLength(1);
    go(rig);
    rig.pass(1);
    expect(rig.builds).toBe(2);
    expect(rig.spent).toEqual([['s', 'A', 60]]);
    expect(rig.sink.results[0]?.emitted.pane.forced).toBe(forced);
    expect(rig.outcome).toBe('complete');
    expectConserved(rig);
  });

  test('deliveries, acks, an end and a stop during the rebuild are not lost', () => {
    const rig = started({ before: throwsAt('A', 1) });
    rig.view({ page: 'A' });
    expect(rig.builds).toBe(1);
    rig.view({ page: 'B', at: 1 });
    rig.hand.end();
    rig.stop$.next('SIGTERM');
    rig.pass(1);
    expect(rig.spent).toEqual([['s', 'A', 1], ['s', 'B', 60]]);
    expect(rig.outcome).toBe('complete');
  });

  test('an input that was opened again during the rebuild is idle from then on, not from before', () => {
    const rig = started({ after: throwsOn(isEarly, 1) });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(30);
    expect(rig.logged('pipeline_broken')).toBe(1);
    rig.hand.interrupted();
    rig.pass(600);
    expect(rig.builds).toBe(2);
    rig.hand.opened();
    rig.pass(59);
    rig.view({ fields: { page_title: '' } });
    rig.pass(1);
    expect(rig.lastReport?.watermark).toBe(rig.reports[0]?.watermark);
  });

  test('an input that was opened again while there was no pipeline is idle from then on, too', () => {
    const rig = started({ after: throwsOn(isEarly, 1) });
    rig.view({ page: 'A' }, { page: 'B', at: 5 });
    rig.pass(30);
    expect(rig.builds).toBe(1);
    rig.hand.opened();
    rig.pass(59);
    rig.view({ fields: { page_title: '' } });
    rig.pass(1);
    expect(rig.lastReport?.watermark).toBe(rig.reports[0]?.watermark);
  });
});
