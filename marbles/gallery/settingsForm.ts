import { printTime } from '../time.js';
import { byId, make } from './dom.js';
import { MEASURES, measured, withMeasure, type Measure, type Situation } from './situation.js';

const SECOND = 1_000;

/** What the operators are given, as sliders. */
export class SettingsForm {
  private situation: Situation | undefined;
  private readonly accumulation = byId('accumulation', HTMLSelectElement);
  private readonly sliders: readonly { readonly measure: Measure; readonly input: HTMLInputElement; readonly output: HTMLOutputElement }[];

  constructor(private readonly changed: (situation: Situation) => void) {
    this.sliders = MEASURES.map((measure) => {
      const { name, least, most, step } = measure;
      const input = make('input', { type: 'range', id: name, min: String(least / SECOND), max: String(most / SECOND), step: String(step / SECOND) });
      const output = make('output', { for: name });
      input.addEventListener('input', () => {
        if (this.situation !== undefined) this.changed(withMeasure(this.situation, measure, input.valueAsNumber * SECOND));
      });
      return { measure, input, output };
    });
    byId('settings', HTMLElement).prepend(...this.sliders.map(({ measure, input, output }) => make('label', { for: input.id }, make('span', {}, measure.label, output), input)));
    this.accumulation.addEventListener('change', () => {
      const { situation } = this;
      if (situation !== undefined) this.changed({ ...situation, settings: { ...situation.settings, accumulation: this.accumulation.value === 'DISCARDING' ? 'DISCARDING' : 'ACCUMULATING' } });
    });
  }

  show(situation: Situation): void {
    this.situation = situation;
    for (const { measure: { name }, input, output } of this.sliders) {
      const value = measured(situation, name);
      const text = value === 0 && (name === 'early' || name === 'idleTimeout') ? 'off' : printTime(value);
      input.value = String(value / SECOND);
      input.setAttribute('aria-valuetext', text);
      output.value = text;
    }
    this.accumulation.value = situation.settings.accumulation;
  }
}
