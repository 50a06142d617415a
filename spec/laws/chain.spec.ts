import * as fc from 'fast-check';
import { chain, chainRules, events, meet, type ChainRules, type Event } from './chain.js';

const outputs = (rules: ChainRules, played: readonly Event[]) => {
  const drive = chain(rules);
  for (const event of played) meet(drive, event);
  return drive.complete().taken();
};

describe('the whole chain', () => {
  test('watermarks strictly increase, and the last one is Infinity', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const watermarks = outputs(rules, played).flatMap((it) => (it._tag === 'Watermark' ? [it.timestamp] : []));

      expect(watermarks).toStrictEqual([...new Set(watermarks)].sort((a, b) => a - b));
      expect(watermarks.at(-1)).toBe(Infinity);
    }));
  });

  test('revisions of a result count from 0 without a gap, and each differs from the one before', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const last = new Map<string, { readonly revision: number; readonly spent: number }>();
      for (const it of outputs({ ...rules, closedSessionMemory: 1e9 }, played)) {
        if (it._tag !== 'Emitted') continue;
        const identity = `${it.key} ${it.value.page} ${it.value.at}`;
        const before = last.get(identity);

        expect(it.revision).toBe(before ? before.revision + 1 : 0);
        expect(it.value.spent).not.toBe(before?.spent);
        last.set(identity, { revision: it.revision, spent: it.value.spent });
      }
    }));
  });

  test('early panes never change the last revision of a result', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const accumulating = { ...rules, accumulation: 'ACCUMULATING' as const };
      const final = (every: number): Map<string, number> =>
        new Map(outputs({ ...accumulating, every }, played).flatMap((it) => (it._tag === 'Emitted' ? [[`${it.key} ${it.value.page} ${it.value.at}`, it.value.spent]] : [])));
      const sorted = (results: Map<string, number>): unknown => [...results].sort();

      expect(sorted(final(rules.every))).toStrictEqual(sorted(final(Infinity)));
    }));
  });

  test('a process that was too busy for its timers makes up for them, in their order, before the next hit', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      // Without the ends of memories: how long a closed session has been remembered is a question of now, not of what was due when.
      const remembering = { ...rules, closedSessionMemory: 1e9 };
      const [punctual, busy] = [chain(remembering), chain(remembering)];
      for (const event of played) {
        meet(punctual, event);
        if (event.kind === 'wait') busy.clock.jumpTo(busy.clock.now() + event.for);
        else meet(busy, event);
      }

      expect(busy.advanceTo(punctual.clock.now()).taken()).toStrictEqual(punctual.taken());
    }));
  });
});
