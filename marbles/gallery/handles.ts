import type { Millis } from '../../operators/index.js';
import type { Picture } from '../drawing/picture.js';
import { printTime } from '../time.js';
import { make } from './dom.js';
import type { Event } from './situation.js';

/** What a visitor does to an event. */
export interface Hands {
  /** It is where the hand or the keys have put it; `isHeld` while the hand does not let go. */
  moved(event: Event, isHeld: boolean): void;
  removed(name: string): void;
  chosen(name: string): void;
}

const SECOND: Millis = 1_000;

/** What keys do to arrival and event time, in seconds. */
const STEPS: ReadonlyMap<string, readonly [arrives: number, at: number]> = new Map([['ArrowLeft', [-1, 0]], ['ArrowRight', [1, 0]], ['ArrowUp', [0, 1]], ['ArrowDown', [0, -1]]]);

/** A button over each event of the picture: with it an event is dragged, moved by keys and removed. */
export class Handles {
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private events: readonly Event[] = [];
  private picture: Picture | undefined;

  constructor(private readonly layer: HTMLElement, private readonly hands: Hands) {}

  /** Puts them where the events are; one that has the focus keeps it. */
  show(events: readonly Event[], picture: Picture, chosen: string | undefined): void {
    this.events = events;
    this.picture = picture;
    for (const [name, button] of this.buttons) {
      if (events.some((event) => event.name === name)) continue;
      button.remove();
      this.buttons.delete(name);
    }
    for (const event of events) {
      const button = this.buttons.get(event.name) ?? this.handle(event.name);
      const placed = picture.events?.dots.find(({ dot }) => dot.mark.name === event.name);
      if (placed === undefined) continue;
      const fate = placed.dot.isRefused ? ', refused' : placed.dot.isBehind ? ', behind the watermark' : '';
      button.classList.toggle('chosen', event.name === chosen);
      button.style.left = `${placed.x}px`;
      button.style.top = `${placed.y}px`;
      button.setAttribute('aria-label', `event ${event.name}: arrives at ${printTime(event.arrives)}, event time ${printTime(event.at)}${fate}`);
    }
  }

  focus(name: string | undefined): void {
    if (name !== undefined) this.buttons.get(name)?.focus();
  }

  private handle(name: string): HTMLButtonElement {
    const button = make('button', { type: 'button', class: 'handle', 'aria-describedby': 'how' });
    button.addEventListener('focus', () => this.hands.chosen(name));
    button.addEventListener('keydown', (key) => this.pressed(name, key));
    button.addEventListener('pointerdown', (down) => this.grabbed(name, button, down));
    this.buttons.set(name, button);
    this.layer.append(button);
    return button;
  }

  private pressed(name: string, key: KeyboardEvent): void {
    const event = this.event(name);
    const step = STEPS.get(key.key);
    if (event === undefined || key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key === 'Delete' || key.key === 'Backspace') {
      this.hands.removed(name);
    } else if (step !== undefined) {
      const by = SECOND * (key.shiftKey ? 10 : 1);
      this.hands.moved({ ...event, arrives: event.arrives + step[0] * by, at: event.at + step[1] * by }, false);
    } else {
      return;
    }
    key.preventDefault();
  }

  /** From here on the event follows the hand, at the distance at which it was grabbed. */
  private grabbed(name: string, button: HTMLButtonElement, down: PointerEvent): void {
    const [event, picture] = [this.event(name), this.picture];
    if (event === undefined || picture?.events === undefined || down.button !== 0) return;
    const { x, events: { y } } = picture;
    const [left, top] = [x.at(event.arrives) - down.clientX, y.at(event.at) - down.clientY];
    const follow = (move: PointerEvent, isHeld: boolean): void => {
      const now = this.event(name);
      if (now !== undefined) this.hands.moved({ ...now, arrives: snapped(x.timeAt(move.clientX + left), x), at: snapped(y.timeAt(move.clientY + top), y) }, isHeld);
    };
    const held = new AbortController();
    let isMoved = false;
    button.setPointerCapture(down.pointerId);
    button.addEventListener('pointermove', (move) => {
      isMoved ||= Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) > JITTER;
      if (isMoved) follow(move, true);
    }, held);
    for (const over of ['pointerup', 'pointercancel'] as const) {
      button.addEventListener(over, (up) => {
        held.abort();
        if (isMoved) follow(up, false);
      }, held);
    }
  }

  private event(name: string): Event | undefined {
    return this.events.find((event) => event.name === name);
  }
}

/** A hand does not stand still, in px. */
const JITTER = 3;

/** To the second where that is enough px, else to five. */
const snapped = (time: Millis, axis: Picture['x']): Millis => {
  const step = SECOND * (Math.abs(axis.at(SECOND) - axis.at(0)) >= 2.5 ? 1 : 5);
  return Math.round(time / step) * step;
};
