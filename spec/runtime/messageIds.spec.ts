import * as fc from 'fast-check';
import { MessageIds } from '../../src/runtime/messageIds.js';
import { Rig, expectConserved } from './rig.js';

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
    expect(ids.cut(0)).toEqual(['a', 'b']);
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
    expect(ids.cut(0)).toEqual(['a']);
    ids.isNew('a', 1);
    ids.isNew('b', 1);
    ids.rollback();
    expect(ids.isNew('a', 2)).toBe(false);
    expect(ids.isNew('b', 2)).toBe(true);
    expect(ids.cut(2)).toEqual(['b']);
    expect(ids.cut(2)).toEqual([]);
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
