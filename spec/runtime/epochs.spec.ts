import { Rig, expectConserved } from './rig.js';

describe('epochs', () => {
  test('messages are acked after the commit of their epoch, and epochs commit in order', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' }, { page: 'B' });
    expect(rig.journal).toEqual([]);
    rig.pass(1);
    rig.view({ page: 'C' });
    rig.pass(1);
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'ack 1,2', 'cut 2', 'commit 2', 'ack 3']);
    expectConserved(rig);
  });

  test('the interval counts from the last cut: a first message after a pause does not wait', () => {
    const rig = new Rig().start();
    rig.pass(10);
    rig.view({ page: 'A' });
    rig.pass(0.05);
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'ack 1']);
    rig.view({ page: 'B' });
    rig.pass(0.9);
    expect(rig.journal).toHaveLength(3);
    rig.pass(0.1);
    expect(rig.journal).toHaveLength(6);
  });

  test('one epoch commits while the next is collected; there is never a third', () => {
    const rig = new Rig().start();
    rig.sink.stalled = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B' });
    rig.pass(5);
    rig.view({ page: 'C' });
    rig.pass(5);
    expect(rig.sink.attempts).toHaveLength(1);
    expect(rig.journal).toEqual(['cut 1']);
    rig.sink.release();
    rig.pass(0.05);
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'ack 1', 'cut 2']);
    rig.sink.release();
    expect(rig.journal.slice(4)).toEqual(['commit 2', 'ack 2,3']);
  });

  test('an epoch has at most 10 000 messages, and is cut for the next one without waiting for the interval', () => {
    const rig = new Rig().start();
    rig.sink.stalled = true;
    rig.hand.deliver(Array.from({ length: 25_000 }, (_, n) => rig.message({ session: `s${n}`, page: 'A' })));
    expect(rig.epochs.map(({ messages }) => messages.length)).toEqual([10_000]);
    rig.sink.release();
    expect(rig.epochs.map(({ messages }) => messages.length)).toEqual([10_000, 10_000]);
    rig.sink.flow();
    rig.pass(1);
    expect(rig.epochs.map(({ messages }) => messages.length)).toEqual([10_000, 10_000, 5_000]);
    expect(rig.epochs.flatMap(({ messages }) => messages.map(({ receipt }) => receipt))).toEqual(Array.from({ length: 25_000 }, (_, n) => n + 1));
    expect(rig.hand.acked).toHaveLength(25_000);
    expectConserved(rig);
  });

  test('a source that delivers more the moment it is acked gets its turn, in order and without nesting', () => {
    const rig = new Rig({ maxOutstandingMessages: 10_000 }).start();
    let delivered = 0;
    const next = () => rig.message({ session: `s${(delivered += 1)}`, page: 'A' });
    for (let second = 0; second < 6; second += 1) {
      rig.hand.fill(next);
      rig.pass(1);
    }
    expect(rig.hand.acked.map(({ receipt }) => receipt)).toEqual(Array.from({ length: 60_000 }, (_, n) => n + 1));
    expectConserved(rig);
  });

  test('an empty epoch commits nothing', () => {
    const rig = new Rig().start();
    rig.pass(600);
    expect(rig.sink.attempts).toEqual([]);
    expect(rig.reports).toEqual([]);
  });

  test('what is only refused or a duplicate makes an epoch too: it has to be acked', () => {
    const rig = new Rig().start();
    rig.view({ fields: { page_title: '' } });
    rig.pass(1);
    rig.view({ page: 'A', id: 'x' });
    rig.pass(1);
    rig.view({ page: 'A', id: 'x' });
    rig.pass(1);
    expect(rig.journal.filter((entry) => entry.startsWith('ack'))).toEqual(['ack 1', 'ack 2', 'ack 3']);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, duplicates: 1, held: 1, deadLetters: { invalid: 1 } });
    expectConserved(rig);
  });

  test('output without input commits: early panes, and the close of an idle input', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A' });
    rig.pass(5);
    rig.view({ page: 'B' });
    rig.pass(20);
    expect(rig.journal).toEqual(['cut 1', 'commit 1', 'ack 1', 'cut 2', 'commit 2', 'ack 2']);
    rig.pass(10);
    expect(rig.spent).toEqual([['s', 'A', 5]]);
    expect(rig.epochs[2]).toMatchObject({ messages: [], results: [{ emitted: { pane: { timing: 'EARLY' } } }] });
    // 5 s + 60 s until it is idle + 10 s of disorder + 60 s of gap, in ticks of 1 s
    rig.pass(101);
    expect(rig.spent).toEqual([['s', 'A', 5], ['s', 'B', 60]]);
    expect(rig.epochs[3]).toMatchObject({ messages: [], results: [{ emitted: { pane: { timing: 'ON_TIME', isLast: true } } }] });
    expect(rig.lastReport).toMatchObject({ epochs: 4, results: 2, counts: { received: 2, held: 0, closed: 2 } });
    expectConserved(rig);
  });

  test('acks do not wait for windows: 10 000 open sessions pass through 100 outstanding messages', () => {
    const rig = new Rig({ maxOutstandingMessages: 100 }).start();
    let delivered = 0;
    for (let second = 0; second < 100; second += 1) {
      rig.hand.fill(() => rig.message({ session: `s${(delivered += 1)}`, page: 'A', at: 0 }));
      rig.pass(1);
    }
    expect(rig.hand.acked).toHaveLength(10_000);
    expect(rig.lastReport?.counts).toMatchObject({ held: 10_000, closed: 0 });
  });
});
