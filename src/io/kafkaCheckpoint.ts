import { EMPTY, catchError, concat, defer, ignoreElements, of, switchMap, tap, throwError, timer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { ChangelogReader, type Restored as RestoredChangelog } from '../changelog/changelogReader.js';
import type { StoredRecord } from '../changelog/changelogRecord.js';
import { ChangelogRefusal } from '../changelog/changelogRefusal.js';
import { ChangelogTail } from '../changelog/changelogTail.js';
import { ChangelogWriter, type ChangelogSizes } from '../changelog/changelogWriter.js';
import { liveEntries } from '../changelog/committedState.js';
import type { ProductCodec } from '../changelog/productCodec.js';
import { describeDifference, settingDifferences, type StateSettings } from '../changelog/stateSettings.js';
import type { ResultEncoding } from '../model/resultRecord.js';
import type { PipelineCut, PipelineSnapshot } from '../pipelineState.js';
import type { Checkpoint, Epoch, Restored } from '../runtime/ports.js';
import { TakenOver } from '../runtime/takenOver.js';
import type { TaskDelta, TaskState } from '../runtime/task.js';
import { kafkaChangelog, type KafkaChangelog } from './kafkaChangelog.js';
import type { KafkaConnection } from './kafkaClient.js';
import { KafkaError } from './kafkaError.js';
import { EPOCH_MESSAGES, deadLetterSends, resultSends, sendAll } from './kafkaOutputs.js';
import { kafkaJob, PARTITION } from './kafkaJob.js';
import { KafkaOwnership } from './kafkaOwnership.js';
import { kafkaPort, type KafkaPort } from './kafkaPort.js';
import { kafkaSends, type KafkaSend, type TopicLayout } from './kafkaSends.js';
import { thisMachine, type Machine } from './machine.js';
import { FIGHT_WITHIN, fightIn, quarantine } from './takeoverFight.js';

/** A: what a session accumulates. */
export interface KafkaCheckpointOptions<A> extends KafkaConnection {
  /** Names what it has in Kafka: see {@link kafkaJob}. */
  readonly job: string;
  readonly outputTopic: string;
  readonly deadLetterTopic: string;
  readonly encoding: ResultEncoding;
  readonly codec: ProductCodec<A>;
  /** What the state is computed with. */
  readonly settings: StateSettings;
  /** A state that was computed with other settings is taken, too. */
  readonly acceptStateChange: boolean;
  /** After so long without a commit the brokers give a transaction up, in ms. */
  readonly transactionTimeout: Millis;
  /** Of what is written to the changelog. */
  readonly sizes?: ChangelogSizes;
}

/** What a checkpoint works with. */
export interface KafkaCheckpointPorts {
  readonly port: KafkaPort;
  readonly changelog: KafkaChangelog;
  readonly machine: Machine;
}

interface Layouts {
  readonly output: TopicLayout;
  readonly deadLetters: TopicLayout;
  readonly changelog: TopicLayout;
}

type State<A> = TaskState<PipelineSnapshot<A>>;
type Delta<A> = TaskDelta<PipelineCut<A>>;

/** The answer "fenced" does not tell a takeover from a transaction that took too long; a new owner has said who it is by then. */
const OWNER_SPEAKS_WITHIN: Millis = 5_000;

/**
 * Results, dead letters and what changed in the state, in one Kafka transaction per epoch; the
 * state in a changelog topic, from which it is restored.
 *
 * *Back pressure*: a commit completes when the brokers have decided it; the caller commits one epoch
 * at a time. Nothing is queued here but the records of that epoch.
 *
 * *Delivery guarantee*: exactly once, for readers of committed records. What a failed commit leaves open
 * is found out before anything is written again: a new producer of the same transactional id makes the
 * brokers decide it, and then the changelog tells whether the epoch is there.
 *
 * *On failure*: a `KafkaError`, after which the same commit may be tried again; `TakenOver` when
 * another instance has the job; a `ChangelogRefusal` for a state that cannot be restored, with advice.
 */
export function kafkaCheckpoint<A>(options: KafkaCheckpointOptions<A>, { port, changelog, machine } = connected(options)): Checkpoint<State<A>, Delta<A>> {
  const { job, outputTopic, deadLetterTopic, encoding, codec, settings, transactionTimeout, sizes, log } = options;
  const kafka = kafkaJob(job);
  const topic = kafka.changelog;
  const { timers, monotonic } = machine;
  const ownership = new KafkaOwnership({ port, changelog, job: kafka, transactionTimeout, machine });
  let layouts: Layouts | undefined;
  let writer: ChangelogWriter<A> | undefined;
  let running: Delta<A> | undefined;
  /** When it first went on from a state: what has been delivered since then is in its own hands. */
  let startedAt: Millis | undefined;
  /** Of the first record in the changelog that is needed, where what is before it has not been deleted yet. */
  let neededFrom: bigint | undefined;
  let writtenBytes = 0;

  const prepare = async (): Promise<Layouts> => {
    const [output, deadLetters] = await port.layouts([outputTopic, deadLetterTopic]);
    if (!output || !deadLetters) throw new KafkaError(`nothing is known of topics ${outputTopic} and ${deadLetterTopic}`, { fatal: true });
    layouts = { output, deadLetters, changelog: await changelog.prepare(topic, 1) };
    log('info', 'kafka_connected', { brokers: options.brokers.join(), ...layouts });
    return layouts;
  };

  // On its own: made amid a restore, its walk would keep what that has read.
  const newWriter = (isRestored: boolean): ChangelogWriter<A> =>
    new ChangelogWriter({ instance: ownership.instance, settings, codec, isRestored, ...(sizes && { sizes }), entries: () => (running ? liveEntries(running.flow.slots, running.allIds()) : [].values()) });

  const restore$ = defer((): Observable<Restored<State<A>>> => {
    const reader = new ChangelogReader();
    const beganAt = monotonic();
    const read = (record: StoredRecord): void => reader.read(record);
    const read$ = startedAt === undefined ? ownership.takeOver(read) : takeOverAgain(read);
    return concat(read$, defer(() => changelog.beginning(topic, PARTITION)).pipe(switchMap((beginning) => {
      // Not by the first record that was read: one before it may have been aborted.
      const restored = reader.finish(beginning > 0n);
      checkSettings(restored);
      const { owners, parked } = restored;
      const state = restored.state?.as(codec);
      writer = newWriter(state !== undefined);
      const isFirst = state === undefined && owners.every(({ instance }) => instance === ownership.instance);
      const isClean = startedAt !== undefined || isFirst || parked;
      log('info', 'state_restored', { topic, epoch: state?.epoch ?? 0, heldEvents: state?.flow.sessions?.header.counts.held ?? 0, isClean, seconds: (monotonic() - beganAt) / 1_000 });
      const fight = startedAt === undefined ? fightIn(owners, machine.calendar(), machine.isGone) : undefined;
      return concat(fight ? quarantine(fight, log, machine) : EMPTY, defer(() => {
        startedAt ??= monotonic();
        return of({ state, isClean });
      }));
    })));
  });

  const checkSettings = ({ settings: stored }: RestoredChangelog): void => {
    const found = stored ? settingDifferences(stored, settings) : [];
    const differences = found.map(describeDifference).join(', ');
    if (differences === '') return;
    // Nothing of one product can be read as another.
    const isReadable = found.every(({ name }) => name !== 'product');
    if (!options.acceptStateChange || !isReadable) throw new StateChanged(job, topic, differences, isReadable);
    log('warn', 'state_change_accepted', { topic, differences });
  };

  const sendsOf = ({ number, results, deadLetters, delta, isPark }: Epoch<Delta<A>>): readonly (readonly KafkaSend[])[] => {
    if (!layouts || !writer) throw new Error('nothing can be committed before the state is restored');
    running = delta;
    const { sends, refused } = resultSends(results, layouts.output, encoding, log);
    const records = writer.write(number, delta, isPark).map((record) => ({ ...record, placement: '' }));
    for (const { value } of records) writtenBytes += value.length;
    return [...sends, ...deadLetterSends([...deadLetters, ...refused], layouts.deadLetters), ...kafkaSends(layouts.changelog, records)];
  };

  /** One transaction; emits the offset of its first record in the changelog. */
  const transact = (sends: readonly (readonly KafkaSend[])[]): Observable<bigint> =>
    defer(async () => {
      if (!ownership.producer) throw new KafkaError('there is no producer', { fatal: false });
      return ownership.producer.begin();
    }).pipe(
      switchMap((transaction) => {
        let offset: bigint | undefined;
        const send = async (it: KafkaSend): Promise<void> => {
          const at = await transaction.send(it);
          if (it.topic === topic) offset ??= at;
        };
        return concat(sendAll(send, sends, transactionTimeout, timers), defer(() => transaction.commit()).pipe(ignoreElements()), defer(() => of(offset ?? -1n)));
      }),
    );

  /** What became of an epoch whose commit failed: emits the offset of its first record if it is there, and nothing if it is to be sent again. */
  const findOut = (number: number): Observable<bigint> => {
    const tail = new ChangelogTail();
    return concat(
      takeOverAgain((record) => tail.read(record)),
      defer(() => {
        if (tail.epoch === number) return of(tail.offset);
        if (tail.epoch === number - 1) return EMPTY;
        throw new ChangelogRefusal('gap', undefined, `stands epoch ${tail.epoch} where epoch ${number - 1} was committed`);
      }),
    );
  };

  const mustBeOurs = (holder: string | undefined): Observable<never> =>
    holder === undefined || holder === ownership.instance ? EMPTY : throwError(() => new TakenOver(job, holder));

  /** Fails with the name of the instance that has the job, if it is another. */
  const checkOwner = (): Observable<never> => {
    const tail = new ChangelogTail();
    return concat(ownership.look((record) => tail.read(record)), defer(() => mustBeOurs(tail.holder)));
  };

  /** To go on with what this instance has begun: not if another has the job by now, and then that one is not to be disturbed. */
  const takeOverAgain = (read: (record: StoredRecord) => void): Observable<never> => {
    const tail = new ChangelogTail();
    let former: string | undefined;
    const follow = (record: StoredRecord): void => {
      former = tail.holder;
      tail.read(record);
      read(record);
    };
    // One may have come between the look and the takeover. It is fenced now and will end, so this one must not end for good.
    const mustHaveBeenOurs = (): Observable<never> => {
      const from = former;
      return from === undefined || from === ownership.instance ? EMPTY : throwError(() => new TakenBack(job, from));
    };
    return concat(checkOwner(), ownership.takeOver(follow), defer(mustHaveBeenOurs));
  };

  const failing = <A>() =>
    catchError<A, Observable<A>>((error: unknown) => {
      ownership.giveUp();
      // Before it has ever had the job the last owner is the one before it, which tells nothing.
      const isFenced = startedAt !== undefined && error instanceof KafkaError && error.kind === 'fenced';
      return concat(isFenced ? concat(timer(OWNER_SPEAKS_WITHIN, timers).pipe(ignoreElements()), checkOwner()) : EMPTY, throwError(() => error));
    });

  const acknowledged = (number: number, offset: bigint): void => {
    neededFrom = writer?.acknowledged(number, offset) ?? neededFrom;
    const needed = neededFrom;
    // Whoever takes over next is to see who has done so lately, or nobody would notice a fight.
    if (needed === undefined || startedAt === undefined || monotonic() < startedAt + FIGHT_WITHIN) return;
    neededFrom = undefined;
    // Aside: what is not deleted now goes with the next sweep.
    changelog.trim(topic, PARTITION, needed).then(
      () => log('debug', 'changelog_trimmed', { topic, before: String(needed) }),
      (error: unknown) => log('warn', 'changelog_not_trimmed', { topic, before: String(needed), cause: String(error) }),
    );
  };

  return {
    isDurable: true,
    epochMessages: EPOCH_MESSAGES,
    open: () => defer(prepare).pipe(ignoreElements()),
    restore: () => restore$.pipe(failing()),
    commit: (epoch) => {
      const sends = sendsOf(epoch);
      const { number } = epoch;
      return defer(() => {
        const isInDoubt = ownership.producer === undefined;
        let isThere = false;
        const found$ = isInDoubt ? findOut(number).pipe(tap(() => (isThere = true))) : EMPTY;
        return concat(found$, defer(() => (isThere ? EMPTY : transact(sends))));
      }).pipe(
        tap((offset) => acknowledged(number, offset)),
        ignoreElements(),
        failing<never>(),
      );
    },
    figures: () => ({ stateBytes: writer?.stateBytes, writtenBytes }),
    close: () => ownership.close(),
  };
}

const connected = (options: KafkaConnection): KafkaCheckpointPorts => ({ port: kafkaPort(options), changelog: kafkaChangelog(options), machine: thisMachine });

/** The job was taken from an instance that had come meanwhile: what this one has begun is void, and the job is its own, to be started anew. */
export class TakenBack extends Error {
  override readonly name = 'TakenBack';
  readonly fatal = true;

  constructor(job: string, from: string) {
    super(`the job ${job} was taken back from ${from}, which had taken it over meanwhile and will end: start this instance again, it goes on from what that one has committed`);
  }
}

/** The state was computed with other settings. */
export class StateChanged extends Error {
  override readonly name = 'StateChanged';
  readonly fatal = true;

  constructor(job: string, topic: string, differences: string, isReadable: boolean) {
    super(
      `the state in ${topic} was computed with other settings: ${differences}; ` +
        `run with the former settings, give the job another name, ${isReadable ? 'go on with this state all the same by --accept_state_change, ' : ''}` +
        `or give it up by pages-viewed state reset --job ${job}`,
    );
  }
}
