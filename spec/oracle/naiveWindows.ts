import { afterCount, repeatedly, type AfterWatermark, type Millis, type Pane, type PaneTrigger, type Timing, type Window } from '../../operators/index.js';
import type { AlignedOutput } from '../operators/aligned.js';
import { hits, type Hit, type Hits } from '../operators/values.js';

export interface WindowRules {
  readonly size: Millis;
  readonly every: Millis;
  readonly offset: Millis;
  readonly allowedLateness: Millis;
  readonly accumulation: 'ACCUMULATING' | 'DISCARDING';
  readonly trigger: AfterWatermark | undefined;
}

/** A hit in a window, and when it came. */
interface Entry {
  readonly value: Hit;
  readonly cameAt: Millis;
  shown: boolean;
}

interface Held {
  readonly key: string;
  readonly window: Window;
  readonly entries: Entry[];
  readonly panes: Pane<string, Hits>[];
}

/**
 * `fixedWindow` and `slidingWindow` step by step as the rules are written: every millisecond at
 * which a window could begin is looked at for every hit, and every window there is for every millisecond.
 */
export class NaiveWindows {
  now: Millis = 0;
  watermark: Millis = -Infinity;
  /** By age. */
  private held: Held[] = [];
  private out: AlignedOutput[] = [];

  constructor(private readonly rules: WindowRules) {}

  /** What has come out since the last call. */
  taken(): AlignedOutput[] {
    const taken = this.out;
    this.out = [];
    return taken;
  }

  element(value: Hit): void {
    const { size, every, offset } = this.rules;
    const own = Array.from({ length: size }, (_, n) => value.at - size + 1 + n)
      .filter((start) => Number.isInteger((start - offset) / every))
      .map((start): Window => ({ start, end: start + size }));
    if (own.every((window) => this.isOver(window))) {
      this.out.push({ _tag: 'Late', key: value.key, value, timestamp: value.at, watermark: this.watermark });
      return;
    }
    for (const window of own.filter((it) => !this.isOver(it))) {
      const known = this.held.find((it) => it.key === value.key && it.window.start === window.start);
      const held: Held = known ?? { key: value.key, window, entries: [], panes: [] };
      if (hits.add(this.shows(held), value) === undefined) continue;
      if (!known) this.held.push(held);
      held.entries.push({ value, cameAt: this.now, shown: false });
      if (this.rules.trigger) this.drawIfDue(held);
      else if (this.hasEnded(held)) this.draw(held, 'LATE');
      else this.out.push({ _tag: 'Changed', key: held.key, window, replaces: [] });
    }
  }

  watermarkTo(timestamp: Millis): void {
    const before = this.watermark;
    this.watermark = timestamp;
    const isEnd = timestamp === Infinity;
    const dueAt = ({ window }: Held): Millis => window.end + (window.end <= before && !isEnd ? this.rules.allowedLateness : 0);
    for (const held of this.inOrder(dueAt)) {
      if (dueAt(held) > timestamp) continue;
      const isNew = held.window.end > before;
      const isLast = this.isOver(held.window);
      if (isNew) this.draw(held, 'ON_TIME', { isLast });
      else if (held.entries.some(({ shown }) => !shown)) this.draw(held, 'LATE', { isLast });
      if (isLast) this.letGo(held);
    }
    this.out.push({ _tag: 'Watermark', timestamp });
  }

  /** Lets time pass, one millisecond after the other. */
  advanceTo(time: Millis): void {
    while (this.now < time) {
      this.now += 1;
      if (this.rules.trigger) for (const held of this.held) this.drawIfDue(held);
    }
  }

  drain(): void {
    for (const held of this.inOrder(({ window }) => window.end)) {
      this.draw(held, this.hasEnded(held) ? 'LATE' : 'ON_TIME', { isLast: true, forced: 'drain' });
      this.letGo(held);
    }
  }

  /** Open windows with hits that no pane has shown. */
  drawable(): readonly { readonly key: string; readonly window: Window; draw(): Pane<string, Hits> }[] {
    return this.held
      .filter((held) => !this.hasEnded(held) && held.entries.some(({ shown }) => !shown))
      .map((held) => ({ key: held.key, window: held.window, draw: () => this.pane(held, 'EARLY', {}) }));
  }

  private drawIfDue(held: Held): void {
    const phase = this.hasEnded(held) ? 'LATE' : 'EARLY';
    const { early, late = repeatedly(afterCount(1)) } = this.rules.trigger ?? {};
    const trigger = phase === 'EARLY' ? early : late;
    if (trigger && this.isDue(held, phase, trigger)) this.draw(held, phase);
  }

  private isDue(held: Held, phase: Timing, trigger: PaneTrigger): boolean {
    const [first, ...others] = held.entries.filter(({ shown }) => !shown);
    if (!first) return false;
    switch (trigger._tag) {
      case 'Repeatedly':
        return this.isDue({ ...held, panes: [] }, phase, trigger.trigger);
      case 'AfterCount':
        return held.panes.every(({ timing }) => timing !== phase) && 1 + others.length >= trigger.count;
      case 'AfterProcessingTime':
        return held.panes.every(({ timing }) => timing !== phase) && this.now >= first.cameAt + trigger.delay;
    }
  }

  private draw(held: Held, timing: Timing, how: Partial<Pane<string, Hits>> = {}): void {
    this.out.push(this.pane(held, timing, how));
  }

  private pane(held: Held, timing: Timing, how: Partial<Pane<string, Hits>>): Pane<string, Hits> {
    const pane: Pane<string, Hits> = {
      _tag: 'Pane', key: held.key, window: held.window, value: this.shows(held), timing,
      index: held.panes.length, isFirst: held.panes.length === 0, isLast: false, historic: false, forced: false, ...how,
    };
    for (const entry of held.entries) entry.shown = true;
    held.panes.push(pane);
    return pane;
  }

  /** What a pane would show. */
  private shows(held: Held): Hits {
    const shown = held.entries.filter((entry) => this.rules.accumulation === 'ACCUMULATING' || !entry.shown);
    return shown.reduce<Hits>((all, { value }) => hits.add(all, value) ?? all, hits.create());
  }

  private letGo(held: Held): void {
    this.held = this.held.filter((it) => it !== held);
    this.out.push({ _tag: 'Closed', key: held.key, window: held.window });
  }

  private inOrder(dueAt: (held: Held) => Millis): readonly Held[] {
    const ages = new Map(this.held.map((held, age) => [held, age]));
    return [...this.held].sort((a, b) => dueAt(a) - dueAt(b) || (ages.get(a) ?? 0) - (ages.get(b) ?? 0));
  }

  private hasEnded({ window }: Held): boolean {
    return window.end <= this.watermark;
  }

  private isOver({ end }: Window): boolean {
    return end + this.rules.allowedLateness <= this.watermark;
  }
}
