import type { Message } from '../src/model/message.js';
import { filling, steady, taken, taskFrom, VIEWS } from './heldSessions.js';
import { heap, measure, tell } from './measure.js';

/**
 * What an event costs and what a session takes while so many sessions are open: the pipeline itself,
 * fed with parsed messages, early panes and changed results only included. One run in a process of
 * its own (needs --expose-gc); prints JSON.
 */

const BATCH = 10_000;
const MEASURED = 600_000;

const open = Number(process.argv[2]);
const task = taskFrom();
let epoch = 0;

/** CPU seconds that the task takes for the next so many events; making them is not counted. */
const feed = (source: Iterator<Message, unknown>, count: number): number => {
  let cpu = 0;
  for (let fed = 0; fed < count; fed += BATCH) {
    // Without ids, of which a million would be remembered beside the sessions.
    const batch = taken(source, BATCH).map((message) => ({ ...message, id: undefined }));
    const cost = measure();
    for (const message of batch) task.process(message);
    epoch += 1;
    task.cut(epoch);
    cpu += cost().cpuSeconds;
  }
  return cpu;
};

const empty = heap();
feed(filling(open), open * VIEWS);
const bytesPerSession = (heap() - empty) / open;
const microsPerEvent = (feed(steady(open), MEASURED) / MEASURED) * 1e6;
tell({ open, bytesPerSession, microsPerEvent });
