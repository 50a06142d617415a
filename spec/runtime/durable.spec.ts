import { Disk, Rig, expectConserved } from './rig.js';

/** A run that keeps its state outside, with a journal that tells of every message that is processed, too. */
const started = (disk = new Disk()): Rig => {
  const rig: Rig = new Rig({ disk, before: ({ receipt }) => rig.journal.push(`message ${receipt}`) });
  return rig.start();
};

describe('a commit of the state', () => {
  test('is made once for every epoch, between two messages', () => {
    const rig = started();
    rig.view({ page: 'A' }, { page: 'B' });
    rig.pass(1);
    rig.view({ page: 'C' });
    rig.pass(1);
    expect(rig.journal).toEqual(['message 1', 'message 2', 'cut 1', 'commit 1', 'ack 1,2', 'message 3', 'cut 2', 'commit 2', 'ack 3']);
    expect(rig.epochs.map(({ delta }) => delta.tally.received)).toEqual([2, 3]);
  });

  test('comes between two messages also where an epoch is full amid a delivery', () => {
    const rig = started();
    rig.sink.stalled = true;
    rig.hand.deliver(Array.from({ length: 15_000 }, (_, n) => rig.message({ session: `s${n}`, page: 'A' })));
    expect(rig.journal.slice(9_998, 10_003)).toEqual(['message 9999', 'message 10000', 'cut 1', 'message 10001', 'message 10002']);
    expect(rig.epochs[0]?.delta.tally.received).toBe(10_000);
  });

  test('that fails is tried again by the same epoch, and the state is not asked for it again', () => {
    const disk = new Disk();
    const rig = started(disk);
    rig.sink.failures.push(new Error('away'), new Error('away'));
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 5 });
    rig.pass(2);
    expect(rig.journal).toEqual(['message 1', 'cut 1', 'message 2', 'commit 1', 'ack 1', 'cut 2', 'commit 2', 'ack 2']);
    expect(disk.state.committed()).toMatchObject({ epoch: 2, tally: { received: 2 } });
    expectConserved(rig);
  });

  test('does not wait for the acks of the one before it', () => {
    const rig = started();
    rig.hand.isDeaf = true;
    rig.view({ page: 'A' });
    rig.pass(1);
    rig.view({ page: 'B', at: 5 });
    rig.pass(1);
    expect(rig.journal).toEqual(['message 1', 'cut 1', 'commit 1', 'ack 1', 'message 2', 'cut 2', 'commit 2', 'ack 2']);
  });
});

test('a run that dies between any two steps and is begun again loses nothing and counts nothing twice', () => {
  const views = [
    { session: 's', page: 'A', at: 0, id: '1' }, { session: 't', page: 'X', at: 2, id: '2' }, { session: 's', page: null, at: 3, id: '3' },
    { session: 's', page: 'B', at: 5, id: '4' }, { session: 't', page: 'Y', at: 9, id: '5' }, { session: 'u', page: 'U', at: 10, id: '6' },
  ] as const;
  for (let deadAfter = 0; deadAfter <= views.length; deadAfter += 1) {
    for (const isCommitted of [true, false]) {
      const disk = new Disk();
      const dead = new Rig({ disk }).start();
      dead.sink.stalled = !isCommitted;
      views.slice(0, deadAfter).forEach((view) => dead.view(view));
      dead.pass(1);
      const next = new Rig({ disk, startsAt: 20 }).start();
      next.view(...[...views].reverse());
      next.pass(1);
      next.hand.end();
      expect(next.spent.map(([session, page, seconds]) => `${session} ${page} ${seconds}`).sort()).toEqual(['s A 5', 's B 60', 't X 7', 't Y 60', 'u U 60']);
      expect([...dead.sink.deadLetters, ...next.sink.deadLetters]).toHaveLength(1);
      expectConserved(next);
    }
  }
});
