import { extraOf } from '../changelog/extraText.js';
import type { Interning } from '../changelog/interning.js';
import { list, number, text } from '../changelog/shape.js';
import type { Visit } from '../model/pageView.js';
import { Visits } from '../model/visits.js';

/**
 * Visits as a changelog has them, read each time that somebody asks: after a restore most sessions get one more view or
 * none before they close, and until then a text takes less room, and next to no time.
 */
export class WrittenVisits implements Visits {
  constructor(
    readonly text: string,
    private readonly intern: Interning,
  ) {}

  get length(): number {
    return this.read().length;
  }

  with(visit: Visit): Visits | undefined {
    return this.read().with(visit);
  }

  inOrder(): readonly Visit[] {
    return this.read().inOrder();
  }

  private read(): Visits {
    return Visits.of(list(JSON.parse(this.text)).map((visit) => visitOf(list(visit), this.intern)));
  }
}

/** The visits of a session as JSON writes them, in their order. */
export const visitsText = (visits: Visits): string => (visits instanceof WrittenVisits ? visits.text : JSON.stringify(visits.inOrder().map(visitText)));

/**
 * `[timestamp, title, page, batchPage, batchOrdering, batchIndex, extra]`, but nothing after the last
 * that is needed: 0 for a page that is named by its title, nulls for a batch that there is not.
 */
const visitText = ({ timestamp, title, page, hasBatch, batchPage, batchOrdering, batchIndex, extra }: Visit): unknown => {
  const name = page === title ? 0 : page;
  if (extra) return [timestamp, title, name, ...(hasBatch ? [batchPage, batchOrdering, batchIndex] : [null, null, null]), extra];
  if (hasBatch) return [timestamp, title, name, batchPage, batchOrdering, batchIndex];
  return name === 0 ? [timestamp, title] : [timestamp, title, name];
};

const visitOf = (members: readonly unknown[], intern: Interning): Visit => {
  const title = intern(text(members[1]));
  const hasBatch = (members[3] ?? null) !== null;
  return {
    timestamp: number(members[0]),
    title,
    page: (members[2] ?? 0) === 0 ? title : intern(text(members[2])),
    hasBatch,
    batchPage: hasBatch ? number(members[3]) : 0,
    batchOrdering: hasBatch ? number(members[4]) : 0,
    batchIndex: hasBatch ? number(members[5]) : 0,
    extra: extraOf(members[6]),
  };
};
