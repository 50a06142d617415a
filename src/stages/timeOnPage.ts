import type { Millis, Pane } from '../../operators/index.js';
import { PageTime } from '../model/pageTime.js';
import type { Visit } from '../model/pageView.js';
import type { Visits } from '../model/visits.js';

export interface TimeOnPageRules {
  /** What the last page of a session gets: the time to the window's end, which is a rule and no measurement, or nothing. */
  readonly lastPage: 'gap' | 'omit';
  /** EARLY panes show the page that is still open, too, if it is to have a result. */
  readonly earlyLastPage: boolean;
}

/**
 * The time on each page of a pane: from its view to the next one, in event time. The page that was
 * viewed last has no next view: its time runs to the end of the window. An EARLY pane leaves it out,
 * because it is still open. In a window that a size cap closed, the end *is* the next view.
 *
 * Results are told apart by page and time of entry, so of several views of one page at one instant
 * only the last that has a time counts. Whatever an EARLY pane tells, every later pane tells, too.
 */
export const timeOnPage =
  (rules: TimeOnPageRules) =>
  (pane: Pane<string, Visits>): readonly PageTime[] => {
    const visits = pane.value.inOrder();
    const last = visits[visits.length - 1];
    if (!last) return [];
    const ending = endingOf(pane, rules);
    const timed = ending ? visits.length : lengthBefore(last, visits);
    const results: PageTime[] = [];
    for (let place = 0; place < timed; place += 1) {
      const visit = visits[place];
      const next = visits[place + 1];
      if (visit && next && !isRepeated(visit, visits, place + 1, timed)) results.push(pageTime(visit, next.timestamp, 'next_view', last.timestamp));
    }
    if (ending) results.push(pageTime(last, pane.window.end, ending, last.timestamp));
    return results;
  };

/** How the time on the last page is known; undefined: it has none. */
const endingOf = ({ forced, timing }: Pane<string, Visits>, { lastPage, earlyLastPage }: TimeOnPageRules): PageTime['rule'] | undefined => {
  if (forced === 'cap') return 'next_view';
  return lastPage === 'gap' && (timing !== 'EARLY' || earlyLastPage) ? 'session_gap' : undefined;
};

const pageTime = ({ page, timestamp, extra }: Visit, leftAt: Millis, rule: PageTime['rule'], elementTimestamp: Millis): PageTime =>
  new PageTime(page, timestamp, leftAt - timestamp, rule, elementTimestamp, extra);

const isSameEntry = (a: Visit, b: Visit | undefined): boolean => a.timestamp === b?.timestamp && a.page === b.page;

/** How many views come before the last page was entered: under two titles at one instant it is still one view. */
const lengthBefore = (last: Visit, visits: readonly Visit[]): number => {
  let length = visits.length;
  while (isSameEntry(last, visits[length - 1])) length -= 1;
  return length;
};

/** Whether the same page comes again at the same instant, between these places. */
const isRepeated = (visit: Visit, visits: readonly Visit[], from: number, to: number): boolean => {
  for (let place = from; place < to && visits[place]?.timestamp === visit.timestamp; place += 1) {
    if (isSameEntry(visit, visits[place])) return true;
  }
  return false;
};
