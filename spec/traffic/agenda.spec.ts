import * as fc from 'fast-check';
import { Agenda } from '../../src/traffic/agenda.js';

describe('Agenda', () => {
  test('law: whatever is put and taken, it gives back the earliest, of equal times the one put first', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(20), { nil: 'take' as const, freq: 3 }), { maxLength: 200 }), (steps) => {
        const agenda = new Agenda<number>();
        const kept: { at: number; item: number }[] = [];
        steps.forEach((step, item) => {
          if (step !== 'take') {
            agenda.put(step, item);
            kept.push({ at: step, item });
            return;
          }
          const [earliest] = [...kept].sort((a, b) => a.at - b.at || a.item - b.item);
          if (earliest === undefined) expect(() => agenda.take()).toThrow('the agenda is empty');
          else {
            expect(agenda.take()).toMatchObject(earliest);
            kept.splice(kept.indexOf(earliest), 1);
          }
        });
      }),
    );
  });
});
