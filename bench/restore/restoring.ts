import { lastValueFrom } from 'rxjs';
import { taskFrom } from '../heldSessions.js';
import { heap, measure, peakMemory, tell } from '../measure.js';
import { checkpointAt } from './job.js';

/**
 * Restores the state from the changelog, until a task has it and could take a message; prints what
 * that took. Arguments: broker.
 */

const NOTHING = { defaultValue: undefined };

const [broker = ''] = process.argv.slice(2);
const checkpoint = checkpointAt(broker);
await lastValueFrom(checkpoint.open(), NOTHING);
const cost = measure();
const taskOfLast = async () => taskFrom((await lastValueFrom(checkpoint.restore())).state);
const task = await taskOfLast();
const took = cost();
const peakBytes = peakMemory();
tell({ ...took, peakBytes, heapBytes: heap(), held: task.counts().held });
await lastValueFrom(checkpoint.close(), NOTHING);
process.exit();
