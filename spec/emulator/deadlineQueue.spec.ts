import * as fc from 'fast-check';
import { DeadlineQueue, type Timed } from '../../src/emulator/deadlineQueue.js';

describe('DeadlineQueue', () => {
  test('law: whatever is set, moved and deleted, members come out when due, the earliest first', () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('set'), member: fc.nat(20), time: fc.nat(100) }),
      fc.record({ kind: fc.constant('delete'), member: fc.nat(20), time: fc.constant(0) }),
      fc.record({ kind: fc.constant('take'), member: fc.constant(0), time: fc.nat(100) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const members: Timed[] = Array.from({ length: 21 }, () => ({ dueAt: 0, slot: -1 }));
        const queue = new DeadlineQueue<Timed>();
        const model = new Map<Timed, number>();
        for (const { kind, member, time } of operations) {
          const it = members[member]!;
          if (kind === 'set') {
            queue.set(it, time);
            model.set(it, time);
          } else if (kind === 'delete') {
            queue.delete(it);
            model.delete(it);
          } else {
            const taken = queue.takeDue(time);
            const earliest = Math.min(...model.values());
            expect(taken === undefined ? undefined : model.get(taken)).toBe(earliest <= time ? earliest : undefined);
            if (taken) model.delete(taken);
          }
          expect(queue.nextDue).toBe(Math.min(...model.values()));
        }
      }),
    );
  });
});
