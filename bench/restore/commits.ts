import { lastValueFrom } from 'rxjs';
import { steady, taken, taskFrom, VIEWS } from '../heldSessions.js';
import { quantile, tell } from '../measure.js';
import { complaints } from '../log.js';
import { checkpointAt } from './job.js';

/**
 * How long commits take while the whole state is being written piece by piece, as it is after every
 * restore, and how long when that is over. Arguments: broker, sessions.
 */

const MESSAGES_AN_EPOCH = 2_000;
/** Left out at the beginning and where one kind follows the other: code that is not compiled yet, and the deletion of old records. */
const LEFT_OUT = 5;
const FEWEST = 20;
const NOTHING = { defaultValue: undefined };

const [broker = '', sessions = ''] = process.argv.slice(2);
const swept = new AbortController();
const checkpoint = checkpointAt(broker, (level, event, fields) => {
  if (event === 'changelog_trimmed') swept.abort();
  complaints(level, event, fields);
});
await lastValueFrom(checkpoint.open(), NOTHING);
// In a function, so that what was restored is not kept beside the task.
const restored = async () => {
  const { state } = await lastValueFrom(checkpoint.restore());
  return { task: taskFrom(state), last: state?.epoch ?? 0 };
};
const { task, last } = await restored();
let epoch = last;
const source = steady(Number(sessions));

const nextEpoch = () => {
  for (const message of taken(source, MESSAGES_AN_EPOCH)) task.process(message);
  epoch += 1;
  const cut = task.cut(epoch);
  if (!cut) throw new Error('an epoch without messages');
  return cut;
};

// Until as many sessions close as open; nobody is going to restore this state.
for (let fed = 0; fed < 1.2 * VIEWS * Number(sessions); fed += MESSAGES_AN_EPOCH) nextEpoch();

/** Ms from the cut to the moment when all of the epoch is durable. */
const commit = async (): Promise<number> => {
  const cut = nextEpoch();
  const startedAt = performance.now();
  await lastValueFrom(checkpoint.commit(cut), NOTHING);
  return performance.now() - startedAt;
};

const during: number[] = [];
while (!swept.signal.aborted) during.push(await commit());
if (during.length < FEWEST) throw new Error(`the whole state was written in ${during.length} commits: too few to tell anything, take more sessions`);
const usual: number[] = [];
while (usual.length < during.length) usual.push(await commit());

const described = (name: string, times: readonly number[]): Readonly<Record<string, number>> => {
  const kept = times.slice(LEFT_OUT);
  return { [`${name}Median`]: quantile(kept, 0.5), [`${name}P99`]: quantile(kept, 0.99), [`${name}Longest`]: Math.max(...kept) };
};
tell({ commits: during.length - LEFT_OUT, ...described('sweep', during.slice(0, -LEFT_OUT)), ...described('usual', usual) });
await lastValueFrom(checkpoint.close(), NOTHING);
process.exit();
