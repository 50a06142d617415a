import * as fc from 'fast-check';
import { MessageIds, type IdChanges, type SeenId } from '../../src/runtime/messageIds.js';
import { Rig, expectConserved } from './rig.js';

const idsIn = ({ ids }: IdChanges): readonly string[] => ids.map(({ id }) => id);

describe('message ids', () => {
  test('an id is known for as long as it is remembered, from when it first came', () => {
    const ids = new MessageIds(600_000);
    expect(ids.isNew('a', 0)).toBe(true);
    expect(ids.isNew('a', 599_999)).toBe(false);
    expect(ids.isNew('a', 600_000)).toBe(true);
  });

  test('beyond the greatest number the oldest goes, at the cut; a duplicate takes nobody\'s place', () => {
    const ids = new MessageIds(600_000, 2);
    expect(['a', 'b', 'a', 'b', 'a'].map((id) => ids.isNew(id, 0))).toEqual([true, true, false, false, false]);
    expect(idsIn(ids.cut(0))).toEqual(['a', 'b']);
    expect(ids.isNew('a', 0)).toBe(false);
    expect(ids.isNew('c', 0)).toBe(true);
    ids.cut(0);
    expect(ids.size).toBe(2);
    expect(['c', 'b', 'a'].map((id) => ids.isNew(id, 0))).toEqual([false, false, true]);
  });

  test('a cut forgets what is too old', () => {
    const ids = new MessageIds(600_000);
    for (let n = 0; n < 1_000; n += 1) ids.isNew(`${n}`, n * 1_000);
    ids.cut(999_000);
    expect(ids.size).toBe(600);
  });

  test('a rollback forgets what came since the cut, and nothing else', () => {
    const ids = new MessageIds();
    ids.isNew('a', 0);
    expect(idsIn(ids.cut(0))).toEqual(['a']);
    ids.isNew('a', 1);
    ids.isNew('b', 1);
    ids.rollback();
    expect(ids.isNew('a', 2)).toBe(false);
    expect(ids.isNew('b', 2)).toBe(true);
    expect(idsIn(ids.cut(2))).toEqual(['b']);
    expect(idsIn(ids.cut(2))).toEqual([]);
  });

  test('an id whose ack was not confirmed is known until it has come again and been acked', () => {
    const ids = new MessageIds(10);
    for (const id of ['a', 'b']) ids.isNew(id, 0);
    ids.cut(0);
    ids.acked('a', false);
    ids.acked('b', true);
    expect(ids.cut(5).ids).toEqual([{ id: 'a', seenAt: 0, pinned: true }]);
    expect([ids.isNew('a', 1_000), ids.isNew('b', 1_000)]).toEqual([false, true]);

    ids.acked('a', true);
    expect(ids.cut(1_000).ids).toEqual([{ id: 'a', seenAt: 0, pinned: false }, { id: 'b', seenAt: 1_000, pinned: false }]);
    expect(ids.isNew('a', 1_001)).toBe(true);
  });

  test('beyond the greatest number even an id whose ack was not confirmed goes', () => {
    const ids = new MessageIds(10, 1);
    ids.isNew('a', 0);
    ids.acked('a', false);
    ids.isNew('b', 0);
    ids.cut(0);
    expect([ids.size, ids.isNew('a', 0)]).toEqual([1, true]);
  });

  test('law: ids that were saved cut by cut, or in a walk made bit by bit beside the cuts, are known after a restore as they were before', () => {
    const steps = fc.array(fc.record({ id: fc.nat(9), after: fc.nat(4), acked: fc.option(fc.boolean(), { nil: undefined }), cut: fc.boolean(), walk: fc.nat(3) }), { maxLength: 60 });
    fc.assert(fc.property(steps, fc.nat(60), (played, begin) => {
      const ids = new MessageIds(10);
      const saved = new Map<string, SeenId>();
      const save = (seen: SeenId): void => void (saved.delete(seen.id), saved.set(seen.id, seen));
      let walk: Iterator<SeenId, void> | undefined;
      let now = 0;
      let from = -Infinity;
      for (const [place, { id, after, acked, cut, walk: most }] of played.entries()) {
        now += after;
        ids.isNew(`${id}`, now);
        if (acked !== undefined) ids.acked(`${id}`, acked);
        if (!cut && place !== played.length - 1) continue;
        const { ids: changed, idsFrom } = ids.cut(now);
        from = idsFrom;
        if (place >= begin) walk ??= ids.all();
        else saved.clear();
        changed.forEach(save);
        for (let left = place === played.length - 1 ? Infinity : most; walk && left > 0; left -= 1) {
          const next = walk.next();
          if (next.done === true) break;
          save(next.value);
        }
      }
      if (!walk) return;
      const after = new MessageIds(10);
      after.restore([...saved.values()].filter(({ seenAt, pinned }) => pinned || seenAt >= from).sort((a, b) => a.seenAt - b.seenAt));
      const asked = Array.from({ length: 10 }, (_, id) => `${id}`);
      expect(asked.map((id) => after.isNew(id, now))).toEqual(asked.map((id) => ids.isNew(id, now)));
    }));
  });

  test('law: a rollback brings back the memory of the last cut, whatever was too old by then', () => {
    const arrivals = fc.array(fc.record({ id: fc.nat(9), after: fc.nat(8) }), { maxLength: 20 });
    fc.assert(fc.property(arrivals, arrivals, (committed, lost) => {
      const ids = new MessageIds(10);
      let now = 0;
      const come = ({ id, after }: { id: number; after: number }) => ids.isNew(`${id}`, (now += after));
      committed.forEach(come);
      ids.cut(now);
      const cutAt = now;
      const first = lost.map(come);
      ids.rollback();
      now = cutAt;
      expect(lost.map(come)).toEqual(first);
    }));
  });

  test('a message that comes again is counted, acked and has no other effect', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A', id: 'a' });
    rig.pass(1);
    rig.view({ page: 'B', at: 5, id: 'a' });
    rig.pass(1);
    rig.view({ page: 'C', at: 10, id: 'c' });
    rig.hand.end();
    expect(rig.spent).toEqual([['s', 'A', 10], ['s', 'C', 60]]);
    expect(rig.hand.acked).toHaveLength(3);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, duplicates: 1, closed: 2 });
    expectConserved(rig);
  });

  test('the ten minutes are task time: an interruption does not make an id older', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A', id: 'a' });
    rig.pass(300);
    rig.hand.interrupted();
    rig.pass(3_600);
    rig.hand.opened();
    rig.pass(299);
    rig.view({ session: 'again', page: 'A', id: 'a' });
    rig.pass(2);
    rig.view({ session: 'again', page: 'A', id: 'a' });
    rig.pass(1);
    expect(rig.lastReport?.counts).toMatchObject({ received: 3, duplicates: 1 });
  });

  test('what was published again under another id is a duplicate while its session is held, and late while that is remembered', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A', at: 0, id: '1' }, { page: 'A', at: 0, id: '2' });
    rig.pass(100);
    rig.view({ session: 'other', page: 'X' });
    rig.view({ page: 'A', at: 0, id: '3' });
    rig.pass(1);
    expect(rig.lastReport?.counts).toMatchObject({ duplicates: 1, deadLetters: { late: 1 } });
    expect(rig.spent).toEqual([['s', 'A', 60]]);
  });

  test('messages without an id are never duplicates by id', () => {
    const rig = new Rig().start();
    rig.view({ page: 'A', at: 0 }, { page: 'B', at: 0 });
    rig.pass(1);
    expect(rig.lastReport?.counts).toMatchObject({ received: 2, duplicates: 0, held: 2 });
  });
});
