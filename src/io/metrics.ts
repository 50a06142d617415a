import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { CommittedEpoch, TaskObservation, TaskObserver } from '../runtime/observation.js';
import { FIGURES, type Figure, type Surroundings } from '../status/figures.js';

export interface MetricsOptions {
  /** Asked at every scrape; undefined before there is a run to be observed. */
  readonly observe: () => TaskObservation | undefined;
  readonly surroundings: () => Surroundings;
}

/** Metrics in Prometheus' text format. */
export interface Metrics {
  readonly observer: Pick<TaskObserver, 'committed' | 'commitFailed'>;
  text(): Promise<string>;
  readonly type: string;
}

export const PREFIX = 'pages_viewed_';

/**
 * The metrics of a run, by prom-client. Almost all are read from the run when somebody scrapes, so nobody
 * pays for them otherwise, and a scrape costs the same however many sessions there are: labels have a few fixed values,
 * never an id or a title. What happened with each commit is counted as it happens.
 */
export const runMetrics = ({ observe, surroundings }: MetricsOptions): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const histogram = (name: string, help: string, buckets: number[]): Histogram => new Histogram({ name: `${PREFIX}${name}`, help, buckets, registers });
  const commitSeconds = histogram('commit_duration_seconds', 'From the cut of an epoch to its commit.', [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);
  const epochMessages = histogram('epoch_messages', 'Messages in an epoch.', [0, 1, 10, 100, 1_000, 3_000, 10_000]);
  const epochResults = histogram('epoch_results', 'Results in an epoch.', [0, 1, 10, 100, 1_000, 10_000, 100_000]);
  const endToEnd = histogram('published_to_committed_seconds', 'From its publication to its commit: the oldest message of each epoch.', [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200]);
  const failures = new Counter({ name: `${PREFIX}commit_failures_total`, help: 'Attempts to commit that failed.', registers });
  const written = FIGURES.map((figure) => writer(figure, registers));

  return {
    observer: {
      committed: ({ took, messages, results, oldestPublishTime, committedAt }: CommittedEpoch) => {
        commitSeconds.observe(took / 1_000);
        epochMessages.observe(messages.length);
        epochResults.observe(results.length);
        if (oldestPublishTime !== undefined) endToEnd.observe(Math.max(0, committedAt - oldestPublishTime) / 1_000);
      },
      commitFailed: () => failures.inc(),
    },
    text: () => {
      const observation = observe();
      const around = surroundings();
      if (observation) for (const write of written) write(observation, around);
      return registry.metrics();
    },
    type: registry.contentType,
  };
};

type Write = (observation: TaskObservation, surroundings: Surroundings) => void;

/** Puts what a figure says now into its metric. */
const writer = ({ kind, name, help, label, read }: Figure, registers: Registry[]): Write => {
  const about = { name: `${PREFIX}${name}`, help, registers, labelNames: label === undefined ? [] : [label] };
  const metric = kind === 'counter' ? new Counter(about) : new Gauge(about);
  return (observation, surroundings) => {
    const value = read(observation, surroundings);
    metric.reset();
    if (value === undefined) metric.remove();
    else if (typeof value === 'number') metric.inc(value);
    else if (label !== undefined) for (const [of, count] of value) metric.inc({ [label]: of }, count);
  };
};
