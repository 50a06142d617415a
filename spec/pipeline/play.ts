import type { Millis } from '../../operators/index.js';
import { productFlow } from '../../src/flow.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Message } from '../../src/model/message.js';
import type { Result } from '../../src/model/outcome.js';
import { NO_REFERENCE_DATA, type ReferenceData } from '../../src/model/referenceData.js';
import { resultBody } from '../../src/model/resultRecord.js';
import type { PipelineRules } from '../../src/pipeline.js';
import { pagesViewed, type PagesViewedRules } from '../../src/products/pagesViewed.js';
import { unaccounted, type Counts } from '../../src/runtime/conservation.js';
import type { BuildFlow } from '../../src/runtime/flow.js';
import { MessageIds } from '../../src/runtime/messageIds.js';
import { Task } from '../../src/runtime/task.js';
import { recordedClock } from '../../src/runtime/taskClock.js';
import { pageResults, type PageResult } from '../support/results.js';

/** Event times in specs count from here: 2025-01-30T15:30:00Z. */
export const T0 = Date.UTC(2025, 0, 30, 15, 30);

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60_000;

export interface View {
  readonly session?: unknown;
  readonly page?: unknown;
  /** Seconds after {@link T0}. */
  readonly at: number;
  /** Seconds after {@link T0}; default: when it happened, or the publish time of the view before it if that is later. */
  readonly published?: number;
  readonly id?: string;
  readonly attributes?: Record<string, string>;
  /** Further fields of the event; undefined takes one away. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export const iso = (seconds: number): string => new Date(T0 + seconds * SECOND).toISOString();

export const eventOf = ({ session = 's', page = 'Home Page', at, fields }: View): Record<string, unknown> => ({
  session_id: session, page_title: page, ga_event_dtm: iso(at), event_name: 'page_view', ...fields,
});

export const messageOf = (view: View): Message => message(JSON.stringify(eventOf(view)), view);

export const message = (body: string | Buffer, { at, published = at, id, attributes = {} }: View): Message => ({
  id, publishTime: T0 + published * SECOND, attributes, body, deliveryAttempt: undefined, receipt: 0,
});

export type Rules = PipelineRules & PagesViewedRules;

/** The defaults of the command line. */
export const RULES: Rules = {
  filter: { customer: undefined, rules: [] },
  enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: [] },
  windows: {
    gap: MINUTE, maxOutOfOrderness: 10 * SECOND, allowedLateness: 0, earlyTrigger: 30 * SECOND, idleTimeout: MINUTE, maxFutureSkew: 5 * MINUTE,
    historic: 'process', historicTimeout: 2 * MINUTE, closedSessionMemory: 10 * MINUTE,
  },
  results: { lastPage: 'gap', earlyLastPage: false },
};

export interface Played {
  readonly results: readonly PageResult[];
  readonly deadLetters: readonly DeadLetter[];
  readonly counts: Counts;
}

export interface Changes {
  readonly windows?: Partial<Rules['windows']>;
  readonly results?: Partial<Rules['results']>;
  readonly filter?: Partial<Rules['filter']>;
  readonly outputFields?: Rules['enrichment']['outputFields'];
  /** A function, where it becomes another on the way. */
  readonly reference?: ReferenceData | (() => ReferenceData);
}

export const rulesWith = ({ windows, results, filter, outputFields = [], reference = NO_REFERENCE_DATA }: Changes): Rules => ({
  filter: { ...RULES.filter, ...filter },
  windows: { ...RULES.windows, ...windows },
  results: { ...RULES.results, ...results },
  enrichment: { reference: typeof reference === 'function' ? reference : () => reference, outputFields },
});

export const flowWith = (changes: Changes) => {
  const rules = rulesWith(changes);
  return productFlow(pagesViewed(rules), rules);
};

/** Plays messages through the whole pipeline of pages viewed by their publish times, to the end of the input. */
export const playMessages = (messages: readonly Message[], changes: Changes = {}): Played => {
  const { results, ...rest } = playFlow(flowWith(changes), messages);
  return { results: pageResults(results), ...rest };
};

/** The same with any product. */
export const playFlow = <S, D>(build: BuildFlow<S, D>, messages: readonly Message[]): Omit<Played, 'results'> & { readonly results: readonly Result[] } => {
  const clock = recordedClock();
  const around = { clock, ids: new MessageIds(), poisoned: () => undefined };
  const task = new Task(build, around, undefined);
  const broken: unknown[] = [];
  task.running$.subscribe({ error: (error: unknown) => broken.push(error) });
  for (const one of messages) task.process(one);
  task.end();
  expect(broken).toEqual([]);
  const counts = task.counts();
  const epoch = task.cut(1);
  expect(unaccounted(counts)).toBe(0);
  return { results: epoch?.results ?? [], deadLetters: epoch?.deadLetters ?? [], counts };
};

export const play = (views: readonly View[], changes: Changes = {}): Played => {
  let published = -Infinity;
  const messages = views.map((view) => {
    published = Math.max(published, view.published ?? view.at);
    return messageOf({ ...view, published });
  });
  return playMessages(messages, changes);
};

/** Session, page and seconds, in the order of their emission. */
export const spent = ({ results }: Played): readonly (readonly [session: string, page: string, seconds: number])[] =>
  results.map(({ emitted: { key, value } }) => [key, value.page, value.timeSpent / SECOND] as const);

export const bodies = ({ results }: Played): readonly string[] => results.map((result) => resultBody(result));

/** The last revision of every result, by identity. */
export const standing = ({ results }: Played): ReadonlyMap<string, PageResult> =>
  new Map(
    [...results]
      .sort((a, b) => Number(b.emitted.pane.historic) - Number(a.emitted.pane.historic) || a.emitted.revision - b.emitted.revision)
      .map((result) => [`${result.emitted.key} ${result.emitted.value.entry} ${result.emitted.value.page}`, result]),
  );
