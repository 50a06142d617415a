import type { Status } from '../status/status.js';
import { barsOf } from './distribution.js';
import { make, write } from './dom.js';
import { several } from './format.js';

/** How the times on page are distributed: a table with bars. */
export const distributionView = (body: HTMLTableSectionElement, caption: HTMLElement): ((status: Status) => void) => {
  let rows: readonly { readonly bar: HTMLElement; readonly share: HTMLElement; readonly count: HTMLElement }[] = [];
  return ({ results: { timeOnPage } }) => {
    const bars = barsOf(timeOnPage);
    if (rows.length === 0) {
      rows = bars.map(({ label }) => {
        const [bar, share, count] = [make('div', { class: 'bar' }), make('td', { class: 'number quiet' }), make('td', { class: 'number' })];
        body.append(make('tr', {}, make('th', { scope: 'row' }, label), make('td', { class: 'bars' }, bar), share, count));
        return { bar, share, count };
      });
    }
    bars.forEach(({ count, share, length }, index) => {
      const row = rows[index];
      if (!row) return;
      write(row.count, count);
      write(row.share, share);
      row.bar.style.width = `${length * 100}%`;
    });
    write(caption, `And ${several(timeOnPage.byRule, 'last page')} of sessions, which have the gap by rule. Corrections are not counted.`);
  };
};
