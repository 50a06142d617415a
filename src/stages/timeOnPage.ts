import type { Millis, Pane } from '../../operators/index.js';
import type { PageTime } from '../model/pageTime.js';
import type { Visit } from '../model/pageView.js';
import type { Visits } from '../model/visits.js';

export interface TimeOnPageRules {
  /** What the last page of a session gets: the time to the window's end, which is a rule and no measurement, or nothing. */
  readonly lastPage: 'gap' | 'omit';
  /** EARLY panes show the page that is still open, too. */
  readonly earlyLastPage: boolean;
}

/**
 * The time on each page of a pane: from its view to the next one, in event time. The page that was
 * viewed last has no next view: its time runs to the end of the window. An EARLY pane leaves it out,
 * because it is still open. In a window that a size cap closed, the end *is* the next view.
 *
 * Of several views of one page at one instant only the last counts, so results are told apart by
 * page and time of entry.
 */
export const timeOnPage =
  ({ lastPage, earlyLastPage }: TimeOnPageRules) =>
  (pane: Pane<string, Visits>): readonly PageTime[] => {
    const visits = pane.value.inOrder();
    const last = visits[visits.length - 1];
    if (!last) return [];
    const results: PageTime[] = [];
    for (let place = 0; place + 1 < visits.length; place += 1) {
      const visit = visits[place];
      const next = visits[place + 1];
      if (visit && next && !isRepeated(visits, place)) results.push(pageTime(visit, next.timestamp, 'next_view', last.timestamp));
    }
    if (pane.forced === 'cap') results.push(pageTime(last, pane.window.end, 'next_view', last.timestamp));
    else if (pane.timing === 'EARLY' ? earlyLastPage : lastPage === 'gap') results.push(pageTime(last, pane.window.end, 'session_gap', last.timestamp));
    return results;
  };

const pageTime = ({ page, timestamp, extra }: Visit, leftAt: Millis, rule: PageTime['rule'], elementTimestamp: Millis): PageTime => ({
  page, entry: timestamp, timeSpent: leftAt - timestamp, rule, elementTimestamp, extra,
});

/** Whether the same page comes again at the same instant. */
const isRepeated = (visits: readonly Visit[], place: number): boolean => {
  const visit = visits[place];
  for (let next = place + 1; visit; next += 1) {
    const other = visits[next];
    if (other?.timestamp !== visit.timestamp) return false;
    if (other.page === visit.page) return true;
  }
  return false;
};

export const pageTimeIdentity = ({ entry, page }: PageTime): string => `${entry} ${page}`;

export const sameTimeSpent = (a: PageTime, b: PageTime): boolean => a.timeSpent === b.timeSpent;
