import type { Reason } from '../model/deadLetter.js';
import type { DeadLetterSample, DeadLetterStatus, Status } from '../status/status.js';
import { make, write } from './dom.js';
import { NOTHING, count, instant, rate, several } from './format.js';
import { fillRows, type Cell } from './rows.js';

const MEANINGS: Readonly<Record<Reason, string>> = {
  not_json: 'The body is not JSON.',
  invalid: 'A field is missing or not as it must be.',
  excluded: 'A filter, or no page view.',
  enrichment_failed: 'The reference data had no answer.',
  processing_failed: 'The pipeline broke on it twice.',
  future: 'Its time is too far ahead of the clock.',
  late: 'Its session had closed.',
  session_full: 'Its session had as many views as one may have.',
  too_large: 'The body is too large.',
};

/** What refused it, as `path: expected …, got …`. */
const faultsOf = ({ errors }: DeadLetterSample): string => errors.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`).join('; ');

export const sampleRow = (sample: DeadLetterSample, now: number): readonly Cell[] => [
  { text: instant(sample.at, now) },
  { text: sample.stage },
  { text: faultsOf(sample) },
  { text: sample.session ?? NOTHING, kind: 'mono' },
  { text: sample.messageId ?? NOTHING, kind: 'mono' },
  { text: sample.publishTime === null ? NOTHING : instant(sample.publishTime, now) },
];

/** One part for each reason, with the newest of its dead letters to be unfolded. */
export const deadLettersView = (place: HTMLElement): ((status: Status) => void) => {
  const parts = new Map<Reason, (letter: DeadLetterStatus, now: number) => void>();
  return ({ deadLetters, now }) => {
    for (const letter of deadLetters) {
      let update = parts.get(letter.reason);
      if (!update) {
        const [part, next] = reasonView(letter.reason);
        if (parts.size === 0) place.replaceChildren();
        place.append(part);
        parts.set(letter.reason, (update = next));
      }
      update(letter, now);
    }
  };
};

const reasonView = (reason: Reason): readonly [HTMLElement, (letter: DeadLetterStatus, now: number) => void] => {
  const [counted, rated] = [make('span', { class: 'number' }), make('span', { class: 'number' })];
  const [samples, caption] = [make('tbody'), make('p', { class: 'quiet' })];
  const head = ['Committed at, UTC', 'Stage', 'What was wrong', 'Session', 'Message', 'Published at, UTC'].map((name) => make('th', { scope: 'col' }, name));
  const table = make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `samples of ${reason}` }, make('table', {}, make('thead', {}, make('tr', {}, ...head)), samples));
  const summary = make('summary', {}, make('span', { class: 'reason' }, reason), make('span', { class: 'meaning quiet' }, MEANINGS[reason]), counted, rated);
  const part = make('details', { class: 'letter' }, summary, caption, table);
  return [part, (letter, now) => {
    write(counted, count(letter.count));
    write(rated, rate(letter.perSecond));
    if (!part.open) return;
    write(caption, `The newest ${several(letter.samples.length, 'one', 'ones')}:`);
    fillRows(samples, letter.samples.map((sample) => sampleRow(sample, now)), 'none is kept');
  }];
};
