import { defer, map, share, timer } from 'rxjs';
import { TEXT, type Reply, type Route } from '../io/httpServer.js';
import type { TaskObservation } from '../runtime/observation.js';
import { isStarted, unreadiness } from './health.js';
import type { RunMonitor } from './runMonitor.js';

export interface StatusRoutesOptions {
  readonly monitor: RunMonitor;
  /** The metrics as text, and the type of that. */
  readonly metrics: { text(): Promise<string>; readonly type: string };
  /** The files of the page. */
  readonly page: ReadonlyMap<string, Route>;
}

const EVERY_SECOND = 1_000;

/**
 * What is served beside the pipeline: `/metrics` for a scraper, the probes of an orchestrator, and the
 * page with its events.
 *
 * `/livez` says that the process answers, whatever becomes of brokers: starting it anew mends nothing of
 * theirs. `/startupz` says that the state is restored. `/readyz` says that the pipeline reads, and that
 * what it reads comes out.
 */
export const statusRoutes = ({ monitor, metrics, page }: StatusRoutesOptions): ReadonlyMap<string, Route> => {
  const probe = (because: () => readonly string[]): Route => ({
    _tag: 'Answer',
    isForBrowsers: false,
    answer: () => {
      const reasons = because();
      return reasons.length === 0 ? text(200, 'ok') : text(503, reasons.join('\n'));
    },
  });
  const observed = (reasonsOf: (observation: TaskObservation) => readonly string[]): Route =>
    probe(() => {
      const observation = monitor.observe();
      return observation ? reasonsOf(observation) : ['The run has not begun.'];
    });
  // One for all who listen, and none while nobody does.
  const told = (): string => JSON.stringify(monitor.status() ?? null);
  const events$ = defer(() => timer(0, EVERY_SECOND).pipe(map(told))).pipe(share());

  return new Map<string, Route>([
    ['/livez', probe(() => [])],
    ['/readyz', observed(unreadiness)],
    ['/startupz', observed((observation) => (isStarted(observation) ? [] : ['The state is being restored.']))],
    ['/metrics', { _tag: 'Answer', isForBrowsers: false, answer: async () => ({ status: 200, type: metrics.type, body: await metrics.text() }) }],
    ['/status', { _tag: 'Answer', isForBrowsers: true, answer: () => json(200, monitor.status() ?? null) }],
    ['/events', { _tag: 'Events', events$, last: told }],
    ['/session', { _tag: 'Answer', isForBrowsers: true, answer: (query) => sessionReply(query.get('id'), monitor) }],
    ...page,
  ]);
};

const sessionReply = (id: string | null, monitor: RunMonitor): Reply => {
  if (id === null || id === '') return json(400, { error: 'id is missing: /session?id=…' });
  return json(200, monitor.explain(id) ?? null);
};

const text = (status: number, body: string): Reply => ({ status, type: TEXT, body: `${body}\n` });

const json = (status: number, value: unknown): Reply => ({ status, type: 'application/json', body: JSON.stringify(value) });
