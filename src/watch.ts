import { EMPTY, ignoreElements, interval, merge, tap, type Observable } from 'rxjs';
import type { EffectiveSetting } from './config/effectiveSettings.js';
import type { RunConfig } from './config/runConfig.js';
import { VERSION } from './config/version.js';
import { httpServer } from './io/httpServer.js';
import { runMetrics } from './io/metrics.js';
import { pageAssets } from './io/pageAssets.js';
import type { TaskObserver } from './runtime/observation.js';
import type { CheckpointFigures, SourceFigures } from './runtime/ports.js';
import type { Log } from './runtime/taskLoop.js';
import { RunMonitor } from './status/runMonitor.js';
import type { SinkStatus, SourceStatus } from './status/status.js';
import { statusRoutes } from './status/statusRoutes.js';

export interface WatchSurroundings {
  readonly log: Log;
  readonly settings: readonly EffectiveSetting[];
  /** Where the files of the status page are. */
  readonly pageFolder: string;
  readonly sourceFigures: (() => SourceFigures) | undefined;
  readonly checkpointFigures: (() => CheckpointFigures) | undefined;
}

export interface Watch {
  readonly observer: TaskObserver | undefined;
  /** Serves what is seen, until it is unsubscribed. */
  readonly serve$: Observable<never>;
}

/** Whoever watches a run: page, metrics and probes, if they are to be served. */
export const watch = (config: RunConfig, { log, settings, pageFolder, sourceFigures, checkpointFigures }: WatchSurroundings): Watch => {
  const { serving, job, state } = config;
  if (!serving) return { observer: undefined, serve$: EMPTY };
  const monitor = new RunMonitor({
    version: VERSION,
    job,
    source: sourceStatus(config),
    sink: sinkStatus(config),
    checkpoint: state._tag === 'Kafka' ? 'kafka' : 'memory',
    settings,
    showValues: serving.showValues,
    clock: Date.now,
    held: () => sourceFigures?.().held,
    stateBytes: () => checkpointFigures?.().stateBytes,
  });
  const metrics = runMetrics({
    observe: () => monitor.observe(),
    surroundings: () => ({ version: VERSION, source: sourceFigures?.(), checkpoint: checkpointFigures?.() }),
  });
  const observer: TaskObserver = {
    attached: (task) => monitor.attached(task),
    committed: (epoch) => {
      monitor.committed(epoch);
      metrics.observer.committed(epoch);
    },
    commitFailed: () => metrics.observer.commitFailed(),
  };
  const routes = statusRoutes({ monitor, metrics, page: pageAssets(pageFolder) });
  const onFailure = (path: string, error: unknown): void => log('warn', 'http_failed', { path, error });
  const server$ = httpServer({ ...serving, routes, onFailure }).pipe(
    tap((url) => log('info', 'status_page', { url: url.href, advice: `metrics, livez, readyz and startupz are there, too${serving.port === Number(url.port) ? '' : '; the usual port is taken'}` })),
    ignoreElements(),
  );
  const samples$ = interval(1_000).pipe(tap(() => monitor.sample()), ignoreElements());
  return { observer, serve$: merge(server$, samples$) };
};

const sourceStatus = ({ input }: RunConfig): Pick<SourceStatus, 'kind' | 'name'> => {
  switch (input._tag) {
    case 'Embedded':
      return { kind: 'embedded', name: 'synthetic traffic' };
    case 'PubSub':
      return { kind: 'pubsub', name: input.subscription };
    case 'File':
      return { kind: 'file', name: input.path };
  }
};

const sinkStatus = ({ output }: RunConfig): SinkStatus => {
  if (output._tag === 'File') return { kind: 'file', name: output.path, deadLetters: output.deadLetterPath ?? null };
  const { topic, deadLetters } = output;
  return { kind: 'kafka', name: topic, deadLetters: deadLetters._tag === 'Topic' ? deadLetters.topic : deadLetters.path };
};
