import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../src/traffic/random.js';
import type { Running } from '../e2e/program.js';
import { isEndOfTransaction, isFetch, isProduce, type KafkaDoor, type KafkaRequest } from '../support/kafkaDoor.js';
import { linesOf, logged, TRANSACTION_TIMEOUT, type Arena, type Stage } from './arena.js';

/** Does something bad to an instance that reads; resolves with the one that reads after it: the same or the next. */
export type Mishap = (around: Surroundings) => Promise<Running>;

export interface Surroundings {
  readonly arena: Arena;
  readonly door: KafkaDoor;
  readonly stage: Stage;
  readonly run: Running;
  readonly chance: Random;
}

/** Carries a piece of the walk through the whole state, and not the last one. */
const isSweep = (request: KafkaRequest): boolean => isProduce(request) && /"piece":\{"number":\d+,"isLast":false\}/.test(request.bytes.toString('latin1'));

/** What a broker needs to decide a commit that has reached it. */
const DECISION = 300;

const SECOND = 1_000;

const succeeded = async (stage: Stage, run: Running): Promise<Running> => {
  await stage.kill(run);
  return stage.opened();
};

/** Killed at a request of its own, which does not reach the broker. */
const killedBefore = (isIt: (request: KafkaRequest) => boolean): Mishap => async ({ door, stage, run }) => {
  await door.meet(isIt, 'lost', () => run.child.kill('SIGKILL'));
  return succeeded(stage, run);
};

export const MISHAPS: Readonly<Record<string, Mishap>> = {
  'killed at a random moment': async ({ stage, run, chance }) => {
    await pause(chance.between(0, 1.5 * SECOND));
    return succeeded(stage, run);
  },

  'killed before anything of an epoch is written': killedBefore(isProduce),

  'killed when all of an epoch is written and nothing is committed': killedBefore(isEndOfTransaction),

  'killed when the commit is decided and the answer on its way': async ({ door, stage, run }) => {
    await door.meet(isEndOfTransaction, 'unanswered');
    await pause(DECISION);
    return succeeded(stage, run);
  },

  'killed after the commit and before the ack': async ({ arena, door, stage, run }) => {
    arena.emulator.faults.set(stage.subscription, { acks: 'refused' });
    await door.meet(isEndOfTransaction, 'passes');
    await pause(DECISION);
    await stage.kill(run);
    arena.emulator.faults.set(stage.subscription, DISTURBED);
    return stage.opened();
  },

  'killed while it reads its state': async ({ door, stage, run }) => {
    await stage.kill(run);
    const next = stage.start();
    await door.meet(isFetch, 'lost', () => next.child.kill('SIGKILL'));
    return succeeded(stage, next);
  },

  'killed while the state is written anew': async ({ door, stage, run }) => {
    await stage.kill(run);
    const met = door.meet(isSweep, 'lost', () => next.child.kill('SIGKILL'));
    const next = await stage.opened();
    await met;
    return succeeded(stage, next);
  },

  'the answer to a commit is lost and the process lives': async ({ door, run }) => {
    const before = linesOf(run, 'commit_failed').length;
    await door.meet(isEndOfTransaction, 'unanswered');
    await logged(run, 'commit_failed', before);
    door.resume();
    return run;
  },

  'stopped in a transaction for longer than one may take': async ({ arena, door, stage, run }) => {
    await door.meet(isProduce, 'passes', () => run.child.kill('SIGSTOP'));
    await pause((TRANSACTION_TIMEOUT + 2) * SECOND);
    arena.emulator.faults.expireLeases(stage.subscription);
    run.child.kill('SIGCONT');
    return run;
  },
};

/** What Pub/Sub does to the order of messages all the while. */
export const DISTURBED = { duplicates: 0.05, disorder: 500 } as const;
