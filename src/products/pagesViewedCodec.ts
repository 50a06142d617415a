import { extraOf } from '../changelog/extraText.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import { number, text, word } from '../changelog/shape.js';
import { isoTime } from '../model/isoTime.js';
import { PageTime, RULES } from '../model/pageTime.js';
import type { Visit } from '../model/pageView.js';
import type { Visits } from '../model/visits.js';
import { visitsText, WrittenVisits } from './writtenVisits.js';

export const pagesViewedCodec: ProductCodec<Visits> = {
  accumulatorText: visitsText,
  accumulatorOf: (written, intern) => new WrittenVisits(written, intern),
  outcomeOf: ([page, entry, timeSpent, rule, elementTimestamp, extra], intern) =>
    new PageTime(intern(text(page)), number(entry), number(timeSpent), word(RULES, rule), number(elementTimestamp), extraOf(extra)),
  shown: (visits) => ({ visits: visits.inOrder().map(shownVisit) }),
};

const shownVisit = ({ timestamp, title, page, hasBatch, batchPage, batchOrdering, batchIndex, extra }: Visit): unknown => ({
  at: isoTime(timestamp, 'milliseconds'),
  title,
  page,
  ...(hasBatch && { batch: [batchPage, batchOrdering, batchIndex] }),
  ...(extra && { extra }),
});
