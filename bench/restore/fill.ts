import { lastValueFrom } from 'rxjs';
import { filling, taken, taskFrom, VIEWS } from '../heldSessions.js';
import { heap, tell } from '../measure.js';
import { checkpointAt } from './job.js';

/**
 * Opens so many sessions of three pages through task and checkpoint, epoch by epoch, as a run does:
 * the changelog is what a run leaves, and this process tells what the state takes while it runs.
 * Arguments: broker, sessions.
 */

const MESSAGES_AN_EPOCH = 10_000;
const NOTHING = { defaultValue: undefined };

const [broker = '', sessions = ''] = process.argv.slice(2);
const open = Number(sessions);
const checkpoint = checkpointAt(broker);
await lastValueFrom(checkpoint.open(), NOTHING);
await lastValueFrom(checkpoint.restore());
const task = taskFrom();
const source = filling(open);
let epoch = 0;
const commit = async (isPark: boolean): Promise<void> => {
  epoch += 1;
  const cut = task.cut(epoch, isPark);
  if (cut) await lastValueFrom(checkpoint.commit(cut), NOTHING);
};
for (let fed = 0; fed < open * VIEWS; fed += MESSAGES_AN_EPOCH) {
  for (const message of taken(source, MESSAGES_AN_EPOCH)) task.process(message);
  await commit(false);
}
await commit(true);
const heapBytes = heap();
tell({ heapBytes, residentBytes: process.memoryUsage().rss, held: task.counts().held });
await lastValueFrom(checkpoint.close(), NOTHING);
process.exit();
