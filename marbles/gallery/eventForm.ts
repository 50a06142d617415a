import { KEY } from '../mark.js';
import { byId, make } from './dom.js';
import { KEYS, OLDEST, type Event, type Situation } from './situation.js';

export interface EventChanges {
  changed(event: Event): void;
  removed(name: string): void;
}

const SECOND = 1_000;

/** The chosen event in numbers. */
export class EventForm {
  private event: Event | undefined;
  private readonly form = byId('event', HTMLFieldSetElement);
  private readonly legend = byId('event-name', HTMLElement);
  private readonly key = byId('event-key', HTMLSelectElement);
  private readonly arrives = byId('event-arrives', HTMLInputElement);
  private readonly at = byId('event-at', HTMLInputElement);

  constructor(private readonly changes: EventChanges) {
    this.key.addEventListener('change', () => this.change({ key: this.key.value }));
    this.arrives.addEventListener('change', () => this.change({ arrives: secondsIn(this.arrives) ?? this.event?.arrives ?? 0 }));
    this.at.addEventListener('change', () => this.change({ at: secondsIn(this.at) ?? this.event?.at ?? 0 }));
    byId('event-remove', HTMLElement).addEventListener('click', () => {
      if (this.event !== undefined) this.changes.removed(this.event.name);
    });
  }

  show({ events, until }: Situation, name: string | undefined): void {
    this.event = events.find((event) => event.name === name);
    this.form.disabled = this.event === undefined;
    this.legend.textContent = this.event === undefined ? 'no event chosen' : `event ${this.event.name}`;
    this.key.replaceChildren(...[...new Set([...KEYS, ...events.map(({ key }) => key)])].map((key) => make('option', { value: key }, key === KEY ? 'k (none)' : key)));
    this.key.value = this.event?.key ?? KEY;
    this.arrives.value = shown(this.event?.arrives);
    this.arrives.max = String(until / SECOND - 1);
    this.at.value = shown(this.event?.at);
    this.at.min = String(OLDEST / SECOND);
    this.at.max = this.arrives.max;
  }

  private change(by: Partial<Event>): void {
    if (this.event !== undefined) this.changes.changed({ ...this.event, ...by });
  }
}

const shown = (time: number | undefined): string => (time === undefined ? '' : String(time / SECOND));

const secondsIn = ({ valueAsNumber }: HTMLInputElement): number | undefined => (Number.isFinite(valueAsNumber) ? valueAsNumber * SECOND : undefined);
