import type { Millis } from '../../operators/index.js';
import type { EffectiveSetting } from '../config/effectiveSettings.js';
import type { Reason } from '../model/deadLetter.js';
import type { CommittedEpoch, ObservedTask, TaskObservation, TaskObserver } from '../runtime/observation.js';
import { edgesOf, type CountedEdge } from './edges.js';
import { explainedSession, type ExplainedSession } from './explainedSession.js';
import { problemsOf } from './health.js';
import { Newest } from './newest.js';
import { Rates } from './rates.js';
import { shownValues, type ShownValues } from './shownValues.js';
import type { DeadLetterSample, HistoryPoint, LatestResult, SinkStatus, SourceStatus, Status } from './status.js';
import { TimeOnPageHistogram } from './timeOnPageHistogram.js';

export interface RunMonitorOptions {
  readonly version: string;
  readonly job: string;
  readonly source: Pick<SourceStatus, 'kind' | 'name'>;
  readonly sink: SinkStatus;
  readonly checkpoint: 'memory' | 'kafka';
  readonly settings: readonly EffectiveSetting[];
  readonly showValues: boolean;
  /** The calendar. */
  readonly clock: () => Millis;
  /** Delivered and not yet acked, where the source knows. */
  readonly held: () => number | undefined;
  /** Bytes of the whole state as it was last written down, where it is. */
  readonly stateBytes: () => number | undefined;
}

const LATEST = 20;
const SAMPLES_OF_A_REASON = 5;
const HISTORY = 180;
/** A point of the history is taken at every so manieth second. */
const SECONDS_OF_A_POINT = 5;

/** Watches a run and knows how it is. What comes with epochs it looks at once; the rest it asks for when it is asked. */
export class RunMonitor implements TaskObserver {
  private task: ObservedTask | undefined;
  private readonly shown: ShownValues;
  private readonly settings: readonly EffectiveSetting[];
  private readonly startedAt: Millis;
  private readonly latest = new Newest<LatestResult>(LATEST);
  private readonly samples = new Map<Reason, Newest<DeadLetterSample>>();
  private readonly timeOnPage = new TimeOnPageHistogram();
  private readonly rates = new Rates();
  private readonly history: HistoryPoint[] = [];
  private seconds = 0;
  private lastTook: Millis | undefined;
  private publishedToCommitted: Millis | undefined;

  constructor(private readonly options: RunMonitorOptions) {
    this.shown = shownValues(options.showValues);
    this.settings = options.settings.map((setting) => this.shown.setting(setting));
    this.startedAt = options.clock();
  }

  attached(task: ObservedTask): void {
    this.task = task;
  }

  committed({ results, deadLetters, took, oldestPublishTime, committedAt }: CommittedEpoch): void {
    this.lastTook = took;
    for (const result of results) this.timeOnPage.add(result);
    for (const result of results.slice(-LATEST)) this.latest.add(this.shown.result(result));
    for (const deadLetter of deadLetters) this.samplesOf(deadLetter.reason).add(this.shown.deadLetter(deadLetter, committedAt));
    if (oldestPublishTime !== undefined) this.publishedToCommitted = Math.max(0, committedAt - oldestPublishTime);
  }

  commitFailed(): void {
    // The observation tells it.
  }

  /** Undefined before there is a task. */
  observe(): TaskObservation | undefined {
    return this.task?.observe();
  }

  /** What is known of a session now; undefined: nothing. */
  explain(id: string): ExplainedSession | undefined {
    const session = this.task?.session(id);
    const observation = this.observe();
    return session && observation && explainedSession(session, observation, this.options.showValues);
  }

  /** To be called once a second. */
  sample(): void {
    const observation = this.observe();
    if (!observation) return;
    const now = this.options.clock();
    this.rates.take(now, new Map(edgesOf(observation).map((edge) => [nameOf(edge), edge.count])));
    this.seconds += 1;
    if (this.seconds % SECONDS_OF_A_POINT !== 0) return;
    const { sessions: { open, historic } } = observation;
    this.history.push({ at: now, open, historic, receivedPerSecond: this.rates.perSecond(RECEIVED), resultsPerSecond: this.rates.perSecond(RESULTS), lag: lagOf(observation) });
    if (this.history.length > HISTORY) this.history.shift();
  }

  /** Undefined before there is a task. */
  status(): Status | undefined {
    const observation = this.observe();
    if (!observation) return undefined;
    const { version, job, source, sink, clock, checkpoint, showValues, held, stateBytes } = this.options;
    const { phase, standstill, taskTime, watermark, sessions, counts, committed, messages, commit, restarts } = observation;
    const { isOpen, losses, cause } = observation.source;
    const edges = edgesOf(observation).map((edge) => ({ ...edge, perSecond: this.rates.perSecond(nameOf(edge)) }));
    return {
      version, job, now: clock(), startedAt: this.startedAt, phase, valuesShown: showValues, problems: problemsOf(observation),
      source: { ...source, isOpen, losses, cause: cause ?? null, waiting: messages.waiting, held: held() ?? null, limit: messages.limit },
      sink,
      edges,
      time: {
        watermark: Number.isFinite(watermark) ? watermark : null, isAtEnd: watermark === Infinity, lag: lagOf(observation),
        taskTime, standstill, publishedToCommitted: this.publishedToCommitted ?? null,
      },
      sessions: { ...sessions, views: counts.held },
      results: {
        count: committed.results, revisions: committed.revisions, perSecond: this.rates.perSecond(RESULTS), panes: committed.panes,
        timeOnPage: this.timeOnPage.shown, latest: this.latest.shown,
      },
      deadLetters: edges.flatMap(({ reason, count, perSecond }) => (reason ? [{ reason, count, perSecond, samples: this.samples.get(reason)?.shown ?? [] }] : [])),
      commits: {
        epochs: committed.epochs, lastTook: this.lastTook ?? null, age: commit.age, pending: commit.pending, failures: commit.failures, failure: commit.failure ?? null,
        restarts, uncommitted: messages.collected + messages.committing, checkpoint, stateBytes: stateBytes() ?? null,
      },
      history: { every: SECONDS_OF_A_POINT * 1_000, points: this.history },
      settings: this.settings,
    };
  }

  private samplesOf(reason: Reason): Newest<DeadLetterSample> {
    const known = this.samples.get(reason) ?? new Newest<DeadLetterSample>(SAMPLES_OF_A_REASON);
    this.samples.set(reason, known);
    return known;
  }
}

const nameOf = ({ from, to, reason }: Pick<CountedEdge, 'from' | 'to' | 'reason'>): string => `${from} ${to} ${reason ?? ''}`;
const RECEIVED = nameOf({ from: 'source', to: 'messages' });
const RESULTS = nameOf({ from: 'dedupeEmitted', to: 'sink' });

const lagOf = ({ watermark, wallTime }: TaskObservation): Millis | null => (Number.isFinite(watermark) ? wallTime - watermark : null);
