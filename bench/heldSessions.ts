import { productFlow } from '../src/flow.js';
import type { Message } from '../src/model/message.js';
import { NO_REFERENCE_DATA } from '../src/model/referenceData.js';
import type { Visits } from '../src/model/visits.js';
import type { PipelineCut, PipelineSnapshot } from '../src/pipelineState.js';
import { pagesViewed } from '../src/products/pagesViewed.js';
import { MessageIds } from '../src/runtime/messageIds.js';
import { Task, type TaskState } from '../src/runtime/task.js';
import { recordedClock } from '../src/runtime/taskClock.js';

/** Many open sessions of three pages: the messages they come from, and a task that takes them. */

const PAGES = ['Home Page', 'Broadband Deals', 'Mobile Phones', 'Basket'];
const START = Date.UTC(2026, 0, 15, 8);
export const VIEWS = 3;
const DWELL = 15_000;
const GAP = 60_000;
/** A session is open from its first view until the watermark, 10 s behind, passes its end. */
const OPEN_FOR = (VIEWS - 1) * DWELL + GAP + 10_000;

const view = (session: number, number: number, at: number): Message => {
  // Parsed, as the real ones are: texts that were put together take more room.
  const json: unknown = JSON.parse(
    JSON.stringify({
      session_id: `${1_000_000_000 + session}.1738286883`, page_title: PAGES[(session + number) % PAGES.length], ga_event_dtm: new Date(at).toISOString(),
      event_name: 'page_view', batch_page_id: at, batch_ordering_id: number, batch_event_index: 1,
    }),
  );
  const id = `${9_000_000_000_000_000 + session * VIEWS + number}`;
  return { id, publishTime: at, attributes: {}, body: '', json, deliveryAttempt: undefined, receipt: 0 };
};

/** So many sessions of three pages, before any of them has closed. */
export function* filling(open: number): Generator<Message, void> {
  for (let number = 0; number < VIEWS; number += 1) {
    for (let session = 0; session < open; session += 1) yield view(session, number, START + number * DWELL + Math.floor((session * 10_000) / open));
  }
}

/** From then on as many sessions open as close, in the order of event time. */
export function* steady(open: number): Generator<Message, never> {
  const every = OPEN_FOR / open;
  const lag = Math.ceil(DWELL / every);
  const start = START + VIEWS * DWELL;
  for (let first = 0; ; first += 1) {
    for (let number = VIEWS - 1; number >= 0; number -= 1) {
      const session = first - number * lag;
      if (session >= 0) yield view(open + session, number, start + Math.floor(session * every) + number * DWELL);
    }
  }
}

/** So many of them, or what is left. */
export const taken = (source: Iterator<Message, unknown>, count: number): Message[] => {
  const messages: Message[] = [];
  while (messages.length < count) {
    const next = source.next();
    if (next.done === true) break;
    messages.push(next.value);
  }
  return messages;
};

const PRODUCT = pagesViewed({
  enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: [] },
  results: { lastPage: 'gap', earlyLastPage: false },
});

const FLOW = productFlow(PRODUCT, {
  filter: { customer: undefined, rules: [] },
  windows: {
    gap: GAP, maxOutOfOrderness: 10_000, allowedLateness: 0, earlyTrigger: 30_000, idleTimeout: 60_000, maxFutureSkew: 300_000,
    historic: 'process', historicTimeout: 120_000, closedSessionMemory: 600_000,
  },
});

/** A task that goes on from a state, or begins anew. Time is that of the messages. */
export const taskFrom = (state?: TaskState<PipelineSnapshot<Visits>>): Task<PipelineSnapshot<Visits>, PipelineCut<Visits>> => {
  const clock = recordedClock();
  const ids = new MessageIds();
  if (state) {
    clock.goOnFrom(state.taskTime);
    ids.restore(state.ids);
  }
  const task = new Task(FLOW, { clock, ids, poisoned: () => undefined }, state);
  task.running$.subscribe({ error: (error: unknown) => { throw error; } });
  return task;
};
