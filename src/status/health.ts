import type { Millis } from '../../operators/index.js';
import type { TaskObservation } from '../runtime/observation.js';
import type { Problem } from './status.js';

/** A commit that takes longer is stuck, whether or not it has failed yet. */
const STUCK_COMMIT: Millis = 30_000;

/** A run that has processed nothing for so long though messages wait. */
const FAR_BEHIND: Millis = 600_000;

const seconds = (duration: Millis): string => `${Math.round(duration / 1_000)} s`;

type Check = (observation: TaskObservation) => Problem | undefined;

const bad = (id: string, text: string): Problem => ({ id, level: 'bad', text });
const warning = (id: string, text: string): Problem => ({ id, level: 'warning', text });

/** The ids are the headings of docs/runbook.md. */
const CHECKS: readonly Check[] = [
  ({ phase, failure }) => (phase === 'rebuilding' ? bad('pipeline-restarts', `The pipeline broke and is built anew: ${failure ?? ''}`) : undefined),
  ({ commit: { failures, failure } }) => (failures > 0 ? bad('commits-fail', `The last ${failures} attempts to commit failed: ${failure ?? ''}`) : undefined),
  ({ commit: { failures, pending } }) =>
    failures === 0 && pending > STUCK_COMMIT ? bad('commits-stuck', `The output has not answered a commit for ${seconds(pending)}.`) : undefined,
  ({ phase, source: { isOpen, losses, cause } }) =>
    phase === 'running' && !isOpen ? bad('source-lost', losses === 0 ? 'The source is not open yet.' : `The source is lost: ${cause ?? ''}`) : undefined,
  ({ standstill }) => (standstill.includes('holding') ? warning('holding', 'After a crash nothing closes until what the dead instance had been given has come again.') : undefined),
  ({ watermark, wallTime, phase }) =>
    phase === 'running' && Number.isFinite(watermark) && wallTime - watermark > FAR_BEHIND
      ? warning('watermark-behind', `Event time is ${seconds(wallTime - watermark)} behind the clock: a backlog, a replay or an input that stands still.`)
      : undefined,
];

/** What is wrong, the worst first. */
export const problemsOf = (observation: TaskObservation): readonly Problem[] => {
  const found = CHECKS.flatMap((check) => check(observation) ?? []);
  return [...found.filter(({ level }) => level === 'bad'), ...found.filter(({ level }) => level === 'warning')];
};

/** Whether its state is restored: before that a start may take its time. */
export const isStarted = ({ phase }: TaskObservation): boolean => phase !== 'restoring';

/** Why it is not ready: it does not read, or what it has read does not come out. Nothing: it is. */
export const unreadiness = (observation: TaskObservation): readonly string[] => {
  const { phase } = observation;
  if (phase === 'restoring') return ['The state is being restored.'];
  if (phase === 'ending') return ['The run is ending.'];
  return problemsOf(observation).filter(({ level }) => level === 'bad').map(({ text }) => text);
};
