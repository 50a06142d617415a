import type { Millis } from '../../operators/index.js';
import { draw, type Picture } from '../drawing/picture.js';
import type { Diagram } from '../diagram.js';
import { KEY } from '../mark.js';
import { WATERMARK_ROW } from '../score.js';
import { parseTime } from '../time.js';
import { byId, make } from './dom.js';
import { EventForm } from './eventForm.js';
import { Handles } from './handles.js';
import { asMarkup } from './pictures.js';
import { codeOf, inOrder, played } from './play.js';
import { LATE_EVENT, PRESETS } from './presets.js';
import { SettingsForm } from './settingsForm.js';
import { OLDEST, freeName, fromFragment, toFragment, withinBounds, type Event, type Situation } from './situation.js';

const SECOND: Millis = 1_000;
const HALF_A_MINUTE = 30 * SECOND;
const MINUTE = 60 * SECOND;

/** The part of the page where a visitor changes a situation and sees what comes of it. */
export class Playground {
  private situation: Situation = LATE_EVENT.situation;
  private chosen: string | undefined;
  /** Event times from and to; they stand still while an event is dragged. */
  private range: readonly [from: Millis, to: Millis] = [0, MINUTE];
  private picture: Picture | undefined;
  private readonly stage = byId('stage', HTMLElement);
  private readonly drawing = byId('picture', HTMLElement);
  private readonly handles: Handles;
  private readonly eventForm: EventForm;
  private readonly settingsForm: SettingsForm;

  constructor() {
    this.handles = new Handles(byId('handles', HTMLElement), {
      moved: (event, isHeld) => this.put(event, isHeld),
      removed: (name) => this.remove(name),
      chosen: (name) => this.choose(name),
    });
    this.eventForm = new EventForm({ changed: (event) => this.put(event, false), removed: (name) => this.remove(name) });
    this.settingsForm = new SettingsForm((situation) => this.become(situation));

    byId('presets', HTMLElement).append(...PRESETS.map(({ name, situation }) => {
      const button = make('button', { type: 'button', 'data-situation': toFragment(situation) }, name);
      button.addEventListener('click', () => this.open(situation));
      return button;
    }));
    byId('add', HTMLElement).addEventListener('click', () => this.addNext());
    this.drawing.addEventListener('click', (click) => this.addAt(click));
    byId('copy', HTMLElement).addEventListener('click', () => void this.copy());
    window.addEventListener('hashchange', () => this.open(fromFragment(location.hash, LATE_EVENT.situation) ?? this.situation));
    new ResizeObserver(() => {
      if (this.picture?.width !== this.width()) this.show();
    }).observe(this.stage);

    this.open(fromFragment(location.hash, LATE_EVENT.situation) ?? LATE_EVENT.situation, false);
  }

  /** Another situation; the address says so unless it is where one began. */
  open(situation: Situation, isSaid = true): void {
    this.chosen = situation.events.at(-1)?.name;
    this.become(situation, isSaid);
  }

  private become(situation: Situation, isSaid = true, isHeld = false): void {
    this.situation = situation;
    if (isSaid) history.replaceState(null, '', `#${toFragment(situation)}`);
    this.show(isHeld);
  }

  private put(event: Event, isHeld: boolean): void {
    const within = withinBounds(event, this.situation.until);
    const [lowest, highest] = isHeld ? this.range : [-Infinity, Infinity];
    const put = { ...within, at: Math.min(highest, Math.max(lowest, within.at)) };
    this.chosen = put.name;
    this.become({ ...this.situation, events: this.situation.events.map((it) => (it.name === put.name ? put : it)) }, true, isHeld);
  }

  private remove(name: string): void {
    const order = inOrder(this.situation.events);
    const at = order.findIndex((event) => event.name === name);
    this.chosen = (order[at + 1] ?? order[at - 1])?.name;
    this.become({ ...this.situation, events: this.situation.events.filter((event) => event.name !== name) });
    if (this.chosen === undefined) byId('add', HTMLElement).focus();
    this.handles.focus(this.chosen);
  }

  private addNext(): void {
    const last = Math.max(0, ...this.situation.events.map(({ arrives }) => arrives));
    const arrives = Math.min(this.situation.until - SECOND, last + 10 * SECOND);
    this.add(arrives, arrives);
  }

  private addAt({ clientX, clientY }: MouseEvent): void {
    const { left, top } = this.drawing.getBoundingClientRect();
    if (this.picture?.events === undefined) return;
    const { x, events: { y } } = this.picture;
    const [arrives, at] = [x.timeAt(clientX - left), y.timeAt(clientY - top)];
    const [lowest, highest] = this.range;
    if (arrives >= 0 && arrives < this.situation.until && at >= lowest && at <= highest) this.add(arrives, at);
  }

  private add(arrives: Millis, at: Millis): void {
    const { events, until } = this.situation;
    const name = freeName(events);
    if (name === undefined) return;
    const key = events.find((event) => event.name === this.chosen)?.key ?? events.at(-1)?.key ?? KEY;
    this.chosen = name;
    this.become({ ...this.situation, events: [...events, withinBounds({ name, key, arrives, at }, until)] });
    this.handles.focus(name);
  }

  private choose(name: string): void {
    if (name === this.chosen) return;
    this.chosen = name;
    this.show();
  }

  private width(): number {
    return Math.floor(this.stage.clientWidth);
  }

  private show(isHeld = false): void {
    const { situation } = this;
    const preset = PRESETS.find((it) => toFragment(it.situation) === toFragment(situation));
    const diagram = played(situation, preset?.name ?? 'my situation');
    if (!isHeld) this.range = rangeOf(situation, diagram);
    const [from, to] = this.range;
    const width = this.width();
    this.picture = draw(diagram, { width, straight: { until: situation.until, from, to, height: width < 600 ? 300 : 340 } });
    this.drawing.innerHTML = asMarkup(this.picture, diagram.title);
    this.handles.show(situation.events, this.picture, this.chosen);
    this.eventForm.show(situation, this.chosen);
    this.settingsForm.show(situation);
    byId('code', HTMLElement).textContent = codeOf(situation, diagram);
    byId('told', HTMLElement).textContent = summaryOf(diagram);
    byId('hint', HTMLElement).textContent = preset?.hint ?? 'A situation of your own: its address can be shared.';
    for (const button of document.querySelectorAll('[data-situation]')) button.setAttribute('aria-pressed', String(button.getAttribute('data-situation') === toFragment(situation)));
  }

  private async copy(): Promise<void> {
    const copied = byId('copied', HTMLElement);
    try {
      await navigator.clipboard.writeText(byId('code', HTMLElement).textContent);
      copied.textContent = 'copied';
    } catch {
      getSelection()?.selectAllChildren(byId('code', HTMLElement));
      copied.textContent = 'selected: copy it with your keyboard';
    }
  }
}

/** What there is to see of event time, by half minutes: all events, their windows, and the watermark. */
const rangeOf = ({ events, settings: { gap } }: Situation, { lanes }: Diagram): readonly [from: Millis, to: Millis] => {
  const watermarks = lanes.flatMap(({ name, happenings }) => (name === WATERMARK_ROW ? happenings.map(({ text }) => parseTime(text) ?? 0) : []));
  const lowest = Math.min(0, ...events.map(({ at }) => at), ...watermarks) - 5 * SECOND;
  const highest = Math.max(MINUTE, ...events.map(({ at }) => at + gap), ...watermarks);
  return [Math.max(OLDEST, Math.floor(lowest / HALF_A_MINUTE) * HALF_A_MINUTE), Math.ceil(highest / HALF_A_MINUTE) * HALF_A_MINUTE];
};

/** What comes out, for those who do not see it. */
const summaryOf = ({ lanes }: Diagram): string => {
  const told = lanes.filter(({ name }) => name === 'panes' || name === 'late').map(({ name, happenings }) => `${name}: ${happenings.map(({ text }) => text).join(', ')}`);
  return told.length === 0 ? 'nothing comes out' : told.join('; ');
};
