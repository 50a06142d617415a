import { pagesViewedFlow } from '../src/flow.js';
import type { Message } from '../src/model/message.js';
import { NO_REFERENCE_DATA } from '../src/model/referenceData.js';
import { MessageIds } from '../src/runtime/messageIds.js';
import { Task } from '../src/runtime/task.js';
import { recordedClock } from '../src/runtime/taskClock.js';

/**
 * What an event costs and what a session takes while so many sessions are open: the pipeline itself,
 * fed with parsed messages, early panes and changed results only included. One run in a process of
 * its own (needs --expose-gc); prints JSON.
 */

const PAGES = ['Home Page', 'Broadband Deals', 'Mobile Phones', 'Basket'];
const START = Date.UTC(2026, 0, 15, 8);
const VIEWS = 3;
const DWELL = 15_000;
const GAP = 60_000;
/** A session is open from its first view until the watermark, 10 s behind, passes its end. */
const OPEN_FOR = (VIEWS - 1) * DWELL + GAP + 10_000;
const BATCH = 10_000;
const MEASURED = 600_000;

const open = Number(process.argv[2]);
const sessionsEvery = OPEN_FOR / open;

const view = (session: number, number: number, at: number): Message => {
  // Parsed, as the real ones are: texts that were put together take more room.
  const json: unknown = JSON.parse(
    JSON.stringify({
      session_id: `${1_000_000_000 + session}.1738286883`, page_title: PAGES[(session + number) % PAGES.length], ga_event_dtm: new Date(at).toISOString(),
      event_name: 'page_view', batch_page_id: at, batch_ordering_id: number, batch_event_index: 1,
    }),
  );
  return { id: undefined, publishTime: at, attributes: {}, body: '', json, deliveryAttempt: undefined, receipt: 0 };
};

/** So many sessions of three pages, before any of them has closed. */
function* filling(): Generator<Message> {
  for (let number = 0; number < VIEWS; number += 1) {
    for (let session = 0; session < open; session += 1) yield view(session, number, START + number * DWELL + Math.floor((session * 10_000) / open));
  }
}

/** From then on as many sessions open as close, in the order of event time. */
function* steady(): Generator<Message, never> {
  const lag = Math.ceil(DWELL / sessionsEvery);
  const start = START + VIEWS * DWELL;
  for (let first = 0; ; first += 1) {
    for (let number = VIEWS - 1; number >= 0; number -= 1) {
      const session = first - number * lag;
      if (session >= 0) yield view(open + session, number, start + Math.floor(session * sessionsEvery) + number * DWELL);
    }
  }
}

const clock = recordedClock();
const task = new Task(
  pagesViewedFlow({
    filter: { customer: undefined, rules: [] },
    enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: [] },
    windows: {
      gap: GAP, maxOutOfOrderness: 10_000, allowedLateness: 0, earlyTrigger: 30_000, idleTimeout: 60_000, maxFutureSkew: 300_000,
      historic: 'process', historicTimeout: 120_000, closedSessionMemory: 600_000,
    },
    results: { lastPage: 'gap', earlyLastPage: false },
  }),
  { clock, ids: new MessageIds(), poisoned: () => undefined },
  undefined,
);
task.running$.subscribe({ error: (error: unknown) => { throw error; } });

let epoch = 0;

/** CPU seconds that the task takes for the next so many events; making them is not counted. */
const feed = (source: Iterator<Message>, count: number): number => {
  let cpu = 0;
  for (let fed = 0; fed < count; fed += BATCH) {
    const batch: Message[] = [];
    while (batch.length < BATCH) {
      const { done, value } = source.next();
      if (done === true) break;
      batch.push(value);
    }
    const before = process.cpuUsage();
    for (const message of batch) task.process(message);
    epoch += 1;
    task.cut(epoch);
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1e6;
  }
  return cpu;
};

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const empty = heap();
feed(filling(), open * VIEWS);
const bytesPerSession = (heap() - empty) / open;
const microsPerEvent = (feed(steady(), MEASURED) / MEASURED) * 1e6;
process.stdout.write(`${JSON.stringify({ open, bytesPerSession, microsPerEvent })}\n`);
