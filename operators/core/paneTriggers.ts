import type { AfterWatermark, Millis, PaneTrigger, Timing } from '../types.js';
import { Deadlines, type Ordered } from './deadlines.js';

/** The phases in which a trigger draws panes, by the timing of these. */
export type Phase = Exclude<Timing, 'ON_TIME'>;

/** What a trigger remembers of a window, as plain values. */
export interface TriggerMemory {
  /** Values that no pane has shown. */
  readonly unshown: number;
  /** Processing time of the first of them. */
  readonly since: Millis;
  /** The phase in which a trigger that draws one pane has drawn it. */
  readonly fired: Phase | null;
}

/** When a pane is due in one phase; Infinity: never. */
interface Rule {
  readonly count: number;
  readonly delay: Millis;
  readonly repeats: boolean;
}

/** The same, while it is worked on: from one pane to the next. */
interface Memory<W> extends Ordered {
  /** Undefined once a pane has been drawn: what waits for it in the queue is void. */
  window: W | undefined;
  unshown: number;
  since: Millis;
  fired: Phase | null;
  /** The one entry of the queue that counts for it. */
  dueAt: Millis;
}

const NEVER: Rule = { count: Infinity, delay: Infinity, repeats: true };
const ALWAYS: Rule = { count: 1, delay: Infinity, repeats: true };

/**
 * When the panes of windows are due that a trigger draws. Knows no clock and draws nothing: the
 * owner tells what is added and drawn, and is told what to draw. A window that has no value which
 * a pane has yet to show takes no room.
 */
export class PaneTriggers<W extends Ordered> {
  private readonly rules: Readonly<Record<Phase, Rule>>;
  private readonly memories = new Map<W, Memory<W>>();
  private readonly queue = new Deadlines<Memory<W>>();

  constructor({ early, late }: AfterWatermark) {
    this.rules = { EARLY: early ? ruleOf(early) : NEVER, LATE: late ? ruleOf(late) : ALWAYS };
  }

  /** A value was added to a window: whether a pane of it is due at once. */
  added(window: W, phase: Phase, now: Millis): boolean {
    const memory = this.memories.get(window) ?? this.remember(window, { unshown: 0, since: now, fired: null });
    if (memory.unshown === 0) memory.since = now;
    memory.unshown += 1;
    return this.expect(memory, phase, now);
  }

  /** A pane of a window was drawn. */
  drawn(window: W, timing: Timing): void {
    this.forget(window);
    // What draws one pane in a phase keeps in mind that it has.
    if (timing !== 'ON_TIME' && !this.rules[timing].repeats) this.remember(window, { unshown: 0, since: 0, fired: timing });
  }

  /** A window has taken in another: their values are counted together, the earliest deadline stands; if either has had its one pane, it has had it. */
  merged(window: W, absorbed: W): void {
    const other = this.memories.get(absorbed);
    if (!other) return;
    this.forget(absorbed);
    const own = this.memories.get(window) ?? this.remember(window, { unshown: 0, since: other.since, fired: other.fired });
    if (other.unshown > 0) own.since = own.unshown > 0 ? Math.min(own.since, other.since) : other.since;
    own.unshown += other.unshown;
    if (own.fired !== 'EARLY') own.fired = other.fired ?? own.fired;
  }

  /** A window was let go. */
  forget(window: W): void {
    const memory = this.memories.get(window);
    if (!memory) return;
    memory.window = undefined;
    this.memories.delete(window);
  }

  /** When {@link take} may have something to give. */
  next(): Millis {
    return this.queue.next();
  }

  /** Takes the next window, by (deadline, age), of which a pane is due. */
  take(now: Millis): W | undefined {
    for (let due = this.queue.take(now); due; due = this.queue.take(now)) {
      const { at, item } = due;
      if (item.window && item.dueAt === at) return item.window;
    }
    return undefined;
  }

  /** Undefined: nothing to remember. */
  of(window: W): TriggerMemory | undefined {
    const memory = this.memories.get(window);
    return memory && { unshown: memory.unshown, since: memory.since, fired: memory.fired };
  }

  restore(window: W, saved: TriggerMemory, phase: Phase): void {
    const memory = this.remember(window, saved);
    if (memory.unshown > 0) this.expect(memory, phase, -Infinity);
  }

  /** Whether a pane is due by `now`; if not, it is waited for. */
  private expect(memory: Memory<W>, phase: Phase, now: Millis): boolean {
    const { count, delay, repeats } = this.rules[phase];
    const spent = memory.fired === phase && !repeats;
    const at = spent ? Infinity : memory.since + delay;
    if (!spent && (memory.unshown >= count || at <= now)) return true;
    if (at !== memory.dueAt) {
      memory.dueAt = at;
      this.queue.add(memory, at);
    }
    return false;
  }

  private remember(window: W, { unshown, since, fired }: TriggerMemory): Memory<W> {
    const memory: Memory<W> = { window, ordinal: window.ordinal, unshown, since, fired, dueAt: Infinity };
    this.memories.set(window, memory);
    return memory;
  }
}

const ruleOf = (trigger: PaneTrigger): Rule => {
  switch (trigger._tag) {
    case 'AfterCount':
      return { count: trigger.count, delay: Infinity, repeats: false };
    case 'AfterProcessingTime':
      return { count: Infinity, delay: trigger.delay, repeats: false };
    case 'Repeatedly':
      return { ...ruleOf(trigger.trigger), repeats: true };
  }
};
