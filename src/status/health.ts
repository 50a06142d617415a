import type { Millis } from '../../operators/index.js';
import type { TaskObservation } from '../runtime/observation.js';
import type { Problem } from './status.js';

/** A commit that takes longer is stuck, whether or not it has failed yet. */
const STUCK_COMMIT: Millis = 30_000;

/** The disorder of an input that is live is far less. */
const FAR_BEHIND: Millis = 600_000;

const seconds = (duration: Millis): string => `${Math.round(duration / 1_000)} s`;

interface Check extends Omit<Problem, 'text'> {
  /** In words, when it is so. */
  readonly when: (observation: TaskObservation) => string | undefined;
}

/** The worst first. */
const CHECKS: readonly Check[] = [
  { id: 'pipeline-restarts', level: 'bad', when: ({ phase, failure = '' }) => (phase === 'rebuilding' ? `The pipeline broke and is built anew: ${failure}` : undefined) },
  { id: 'commits-fail', level: 'bad', when: ({ commit: { failures, failure = '' } }) => (failures > 0 ? `Commits fail, ${failures} so far: ${failure}` : undefined) },
  {
    id: 'commits-stuck', level: 'bad',
    when: ({ commit: { failures, pending } }) => (failures === 0 && pending > STUCK_COMMIT ? `The output has not answered a commit for ${seconds(pending)}.` : undefined),
  },
  {
    id: 'source-lost', level: 'bad',
    when: ({ phase, source: { isOpen, losses, cause = '' } }) => {
      if (phase !== 'running' || isOpen) return undefined;
      return losses === 0 ? 'The source is not open yet.' : `The source is lost: ${cause}`;
    },
  },
  {
    id: 'holding', level: 'warning',
    when: ({ standstill }) => (standstill.includes('holding') ? 'After a crash nothing closes until what the dead instance had been given has come again.' : undefined),
  },
  {
    id: 'watermark-behind', level: 'warning',
    when: ({ phase, watermark, wallTime }) =>
      phase === 'running' && Number.isFinite(watermark) && wallTime - watermark > FAR_BEHIND
        ? `Event time is ${seconds(wallTime - watermark)} behind the clock: a backlog, a replay, or an input that stands still.`
        : undefined,
  },
];

/** The headings of their sections in docs/runbook.md. */
export const problemIds = CHECKS.map(({ id }) => id);

/** What is wrong, the worst first. */
export const problemsOf = (observation: TaskObservation): readonly Problem[] =>
  CHECKS.flatMap(({ id, level, when }) => {
    const text = when(observation);
    return text === undefined ? [] : [{ id, level, text }];
  });

/** Whether its state is restored: before that a start may take its time. */
export const isStarted = ({ phase }: TaskObservation): boolean => phase !== 'restoring';

/** Why it is not ready: it does not read, or what it has read does not come out. Nothing: it is. */
export const unreadiness = (observation: TaskObservation): readonly string[] => {
  const { phase } = observation;
  if (phase === 'restoring') return ['The state is being restored.'];
  if (phase === 'ending') return ['The run is ending.'];
  return problemsOf(observation).filter(({ level }) => level === 'bad').map(({ text }) => text);
};
