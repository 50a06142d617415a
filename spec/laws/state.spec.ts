import * as fc from 'fast-check';
import type { Changes, Snapshot, StateSlot } from '../../operators/index.js';
import { KEYS, chain, chainRules, events, meet, newSlots, restored, type Slots } from './chain.js';

const RUNS = 300;

/** A snapshot whose entries are in a fixed order. */
const sorted = <K, V, H>({ header, entries }: Snapshot<K, V, H>): unknown => ({ header, entries: entries.map((entry) => JSON.stringify(entry)).sort() });

/** A copy of a state that is kept up to date by changes alone. */
class Follower<K, V, H> {
  private readonly entries = new Map<K, V>();

  apply({ header, entries }: Changes<K, V, H>): unknown {
    for (const [key, value] of entries) {
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
    }
    return sorted({ header, entries: [...this.entries] });
  }
}

/** Puts together what a walk shows and what changes tell, in the order of both. */
class Walker<K, V, H> {
  private readonly entries = new Map<K, V>();
  private readonly walk: Iterator<readonly [K, V]>;

  constructor(private readonly slot: StateSlot<K, V, H>) {
    this.walk = slot.entries();
  }

  go(steps: number): void {
    for (let left = steps; left > 0; left -= 1) {
      const next = this.walk.next();
      if (next.done === true) return;
      this.entries.set(...next.value);
    }
  }

  follow(): void {
    for (const [key, value] of this.slot.changes().entries) {
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
    }
  }

  seen(): unknown {
    return sorted({ header: this.slot.header(), entries: [...this.entries] });
  }
}

const followers = () => {
  const [watermarks, sessions, triggers, emitted] = [new Follower(), new Follower(), new Follower(), new Follower()];
  return (slots: Slots): unknown => [watermarks.apply(slots.watermarks.changes()), sessions.apply(slots.sessions.changes()), triggers.apply(slots.triggers.changes()), emitted.apply(slots.emitted.changes())];
};
const whole = (slots: Slots): unknown => [sorted(slots.watermarks.snapshot()), sorted(slots.sessions.snapshot()), sorted(slots.triggers.snapshot()), sorted(slots.emitted.snapshot())];
/** What there was when changes were last asked for. */
const formerly = ({ watermarks, sessions, triggers, emitted }: Slots): unknown => [former(watermarks), former(sessions), former(triggers), former(emitted)];
const former = <K, V, H>(slot: StateSlot<K, V, H>): unknown => {
  const { header, entries } = slot.former();
  return sorted({ header, entries: [...entries] });
};

/** What the slots say of their sizes and of single keys, and the same counted and looked up in what they show as a whole. */
const askedAndCounted = ({ sessions, triggers, emitted }: Slots): readonly [unknown, unknown] => {
  const held = sessions.snapshot().entries.flatMap(([, it]) => it.sessions);
  const marks = sessions.snapshot().entries.flatMap(([, { closed }]) => closed);
  return [
    [sessions.sizes(), triggers.sizes(), emitted.sizes(), ...KEYS.map((key) => [sessions.entry(key), triggers.entry(key), emitted.entry(key)])],
    [
      { open: held.length, historic: held.filter(({ mode }) => mode === 'historic').length, remembered: marks.length },
      { keys: triggers.snapshot().entries.length }, { keys: emitted.snapshot().entries.length },
      ...KEYS.map((key) => [entryOf(sessions, key), entryOf(triggers, key), entryOf(emitted, key)]),
    ],
  ];
};
const entryOf = <V, H>(slot: StateSlot<string, V, H>, key: string): V | undefined => slot.snapshot().entries.find(([it]) => it === key)?.[1];

describe('state of the whole chain', () => {
  test('sizes are those of what there is, and an entry is the one that stands there, after whatever has happened and after a restore', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const slots = newSlots();
      const run = chain(rules, slots);
      for (const event of played) {
        meet(run, event);
        const [asked, counted] = askedAndCounted(slots);
        expect(asked).toStrictEqual(counted);
      }
      const again = restored(slots);
      chain(rules, again, run.clock.now());
      const [asked, counted] = askedAndCounted(again);
      expect(asked).toStrictEqual(counted);
    }), { numRuns: RUNS });
  });

  test('a chain restored from a snapshot, taken at any point, goes on as if nothing had happened', () => {
    fc.assert(fc.property(chainRules, events, fc.nat(50), (rules, played, point) => {
      const cut = Math.min(point, played.length);
      const slots = newSlots();
      const undisturbed = chain(rules, slots);
      for (const event of played.slice(0, cut)) meet(undisturbed, event);
      undisturbed.taken();

      const again = chain(rules, restored(slots), undisturbed.clock.now());
      for (const event of [...played.slice(cut), { kind: 'wait', for: 100_000 } as const]) {
        meet(undisturbed, event);
        meet(again, event);
        expect({ event, out: again.taken() }).toStrictEqual({ event, out: undisturbed.taken() });
      }
      undisturbed.complete();
      again.complete();
      expect(again.taken()).toStrictEqual(undisturbed.taken());
    }), { numRuns: RUNS });
  });

  test('changes, put together, are the snapshot', () => {
    fc.assert(fc.property(chainRules, events, fc.infiniteStream(fc.boolean()), (rules, played, asked) => {
      const slots = newSlots();
      const drive = chain(rules, slots);
      const follow = followers();
      for (const event of played) {
        meet(drive, event);
        if (asked.next().value) expect(follow(slots)).toStrictEqual(whole(slots));
      }
      expect(follow(slots)).toStrictEqual(whole(slots));
    }), { numRuns: RUNS });
  });

  test('what was there when changes were last asked for can be told at any time, whatever has come since', () => {
    fc.assert(fc.property(chainRules, events, fc.infiniteStream(fc.boolean()), (rules, played, asked) => {
      const slots = newSlots();
      const drive = chain(rules, slots);
      let then = whole(slots);
      for (const event of played) {
        meet(drive, event);
        expect(formerly(slots)).toStrictEqual(then);
        if (!asked.next().value) continue;
        followers()(slots);
        then = whole(slots);
        expect(formerly(slots)).toStrictEqual(then);
      }
    }), { numRuns: RUNS });
  });

  test('a walk over the entries that is made bit by bit, with the changes since it began, is the snapshot', () => {
    fc.assert(fc.property(chainRules, events, fc.nat(20), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), (rules, played, point, steps) => {
      const begin = Math.min(point, played.length);
      const slots = newSlots();
      const drive = chain(rules, slots);
      for (const event of played.slice(0, begin)) meet(drive, event);
      followers()(slots);

      const walkers = [new Walker(slots.sessions), new Walker(slots.triggers), new Walker(slots.emitted)];
      for (const [place, event] of played.slice(begin).entries()) {
        for (const walker of walkers) walker.go(steps[place % steps.length] ?? 0);
        meet(drive, event);
        for (const walker of walkers) walker.follow();
      }
      for (const walker of walkers) walker.go(Infinity);
      expect(walkers.map((walker) => walker.seen())).toStrictEqual([sorted(slots.sessions.snapshot()), sorted(slots.triggers.snapshot()), sorted(slots.emitted.snapshot())]);
    }), { numRuns: RUNS });
  });

  test('when all is closed and forgotten, nothing is kept', () => {
    fc.assert(fc.property(chainRules, events, (rules, played) => {
      const slots = newSlots();
      const drive = chain({ ...rules, idleTimeout: 1_000 }, slots);
      for (const event of played) meet(drive, event);
      // Idle time brings the watermark past every end and every memory.
      meet(drive, { kind: 'wait', for: 3_000_000 });

      expect([slots.sessions, slots.triggers, slots.emitted].map((slot) => slot.snapshot().entries)).toStrictEqual([[], [], []]);
    }), { numRuns: RUNS / 10 });
  });
});
