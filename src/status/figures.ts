import type { Reason } from '../model/deadLetter.js';
import { unaccounted } from '../runtime/conservation.js';
import type { TaskObservation } from '../runtime/observation.js';
import type { CheckpointFigures, SourceFigures } from '../runtime/ports.js';
import type { Standstill } from '../runtime/taskClock.js';
import { edgesOf } from './edges.js';
import { unreadiness } from './health.js';

/** What the parts around a task know of themselves; what one does not know it leaves out. */
export interface Surroundings {
  readonly version: string;
  readonly source?: SourceFigures | undefined;
  readonly checkpoint?: CheckpointFigures | undefined;
}

type Labelled = readonly (readonly [label: string, value: number])[];

/** One metric that is read when somebody asks for it. */
export interface Figure {
  readonly kind: 'counter' | 'gauge';
  /** Without the prefix `pages_viewed_`; a unit comes last, but for `_total`. */
  readonly name: string;
  readonly help: string;
  /** The name of its label; its values are few and fixed. */
  readonly label?: string;
  /** Undefined: there is nothing to tell, as yet or at all. */
  readonly read: (observation: TaskObservation, surroundings: Surroundings) => number | Labelled | undefined;
}

const REASONS: readonly Reason[] = ['not_json', 'invalid', 'excluded', 'enrichment_failed', 'processing_failed', 'future', 'late', 'session_full', 'too_large'];
const STANDSTILLS: readonly Standstill[] = ['disconnected', 'rebuilding', 'stalled', 'holding'];
const PHASES: readonly TaskObservation['phase'][] = ['restoring', 'running', 'rebuilding', 'ending'];

const isOne = (is: boolean): number => (is ? 1 : 0);
const seconds = (millis: number): number | undefined => (Number.isFinite(millis) ? millis / 1_000 : undefined);

/** Events that came to each stage, of those that are committed. */
const byStage = (observation: TaskObservation): Labelled =>
  edgesOf({ ...observation, ...observation.committed })
    .filter(({ to, unit }) => unit !== 'panes' && unit !== 'results' && to !== 'deadLetters' && to !== 'duplicates' && to !== 'messages')
    .map(({ to, count }) => [to, count] as const);

/** All of a run that is neither counted as it happens nor about Node itself. Counts are of what is committed, so none goes back while the process lives. */
export const FIGURES: readonly Figure[] = [
  { kind: 'gauge', name: 'info', help: 'Always 1; the label is the version.', label: 'version', read: (_, { version }) => [[version, 1]] },
  { kind: 'gauge', name: 'ready', help: 'Whether /readyz says yes: it reads, and what it reads comes out.', read: (observation) => isOne(unreadiness(observation).length === 0) },
  { kind: 'gauge', name: 'phase', help: 'Where the run is in its life: 1 for that phase, 0 for the others.', label: 'phase', read: ({ phase }) => PHASES.map((it) => [it, isOne(it === phase)]) },
  { kind: 'gauge', name: 'standstill', help: 'Why task time stands still: 1 for each reason there is; all 0: it runs.', label: 'why', read: ({ standstill }) => STANDSTILLS.map((it) => [it, isOne(standstill.includes(it))]) },
  { kind: 'counter', name: 'restarts_total', help: 'Pipelines built anew after a failure.', read: ({ restarts }) => restarts },

  { kind: 'counter', name: 'messages_received_total', help: 'Messages that were processed, redeliveries included.', read: ({ committed }) => committed.counts.received },
  { kind: 'counter', name: 'stage_events_total', help: 'Events that came to each stage of the pipeline.', label: 'stage', read: byStage },
  { kind: 'counter', name: 'dead_letters_total', help: 'Events that were refused, by reason.', label: 'reason', read: ({ committed: { counts } }) => REASONS.map((it) => [it, counts.deadLetters[it] ?? 0]) },
  {
    kind: 'counter', name: 'duplicates_total', help: 'Events that had come before, by what they were known by: their message id, or page and time within their session.', label: 'known_by',
    read: ({ committed: { counts, duplicateIds } }) => [['message_id', duplicateIds], ['session', counts.duplicates - duplicateIds]],
  },
  { kind: 'counter', name: 'contradictions_total', help: 'Events whose two timestamps disagree; they were processed all the same.', read: ({ committed }) => committed.counts.contradictions },
  { kind: 'counter', name: 'closed_session_events_total', help: 'Events in sessions that were let go.', read: ({ committed }) => committed.counts.closed },
  { kind: 'counter', name: 'panes_total', help: 'Panes that were drawn, by timing.', label: 'timing', read: ({ committed: { panes } }) => [['early', panes.EARLY], ['on_time', panes.ON_TIME], ['late', panes.LATE]] },
  { kind: 'counter', name: 'results_total', help: 'Results that were written, corrections included.', read: ({ committed }) => committed.results },
  { kind: 'counter', name: 'revisions_total', help: 'Results that correct an earlier one.', read: ({ committed }) => committed.revisions },
  { kind: 'gauge', name: 'unaccounted_events', help: 'Events received, less all that is known of what became of them. Anything but 0 is a fault of the program.', read: ({ committed }) => unaccounted(committed.counts) },

  { kind: 'gauge', name: 'watermark_timestamp_seconds', help: 'Event time that nothing is expected before; not there before the first event and at the end of the input.', read: ({ watermark }) => seconds(watermark) },
  { kind: 'gauge', name: 'watermark_lag_seconds', help: 'How far the watermark is behind the clock.', read: ({ watermark, wallTime }) => seconds(wallTime - watermark) },
  { kind: 'gauge', name: 'task_time_timestamp_seconds', help: 'Task time: the processing time that early results, historic sessions and idleness go by.', read: ({ taskTime }) => seconds(taskTime) },
  { kind: 'gauge', name: 'open_sessions', help: 'Sessions that are held, historic ones included.', read: ({ sessions }) => sessions.open },
  { kind: 'gauge', name: 'historic_sessions', help: 'Sessions that are held and driven by processing time.', read: ({ sessions }) => sessions.historic },
  { kind: 'gauge', name: 'remembered_sessions', help: 'Closed sessions that are remembered, so that none overlaps them.', read: ({ sessions }) => sessions.remembered },
  { kind: 'gauge', name: 'open_session_events', help: 'Events in sessions that are held.', read: ({ counts }) => counts.held },

  { kind: 'gauge', name: 'source_open', help: 'Whether the input is open.', read: ({ source }) => isOne(source.isOpen) },
  { kind: 'counter', name: 'source_losses_total', help: 'How often the input was lost and had to be opened anew.', read: ({ source }) => source.losses },
  { kind: 'gauge', name: 'waiting_messages', help: 'Messages delivered and not yet processed.', read: ({ messages }) => messages.waiting },
  { kind: 'gauge', name: 'uncommitted_messages', help: 'Messages processed and not yet committed.', read: ({ messages }) => messages.collected + messages.committing },
  { kind: 'gauge', name: 'outstanding_messages_limit', help: 'Messages that may be delivered and not yet acknowledged.', read: ({ messages }) => messages.limit },
  { kind: 'counter', name: 'pubsub_delivered_total', help: 'Messages that Pub/Sub has delivered, redeliveries included.', read: (_, { source }) => source?.delivered },
  { kind: 'counter', name: 'pubsub_acked_total', help: 'Acknowledgements that Pub/Sub took.', read: (_, { source }) => source?.acked },
  { kind: 'counter', name: 'pubsub_acks_unconfirmed_total', help: 'Acknowledgements that were refused or not answered in time: these messages may come again.', read: (_, { source }) => source?.ackUnconfirmed },
  { kind: 'gauge', name: 'pubsub_held_messages', help: 'Messages delivered and not yet acknowledged.', read: (_, { source }) => source?.held },
  { kind: 'gauge', name: 'pubsub_held_bytes', help: 'Bytes of the messages delivered and not yet acknowledged.', read: (_, { source }) => source?.heldBytes },
  { kind: 'counter', name: 'pubsub_streams_reopened_total', help: 'Streams opened after the first.', read: (_, { source }) => source?.reopened },
  { kind: 'counter', name: 'pubsub_streams_silent_total', help: 'Streams that were opened anew because nothing came for too long.', read: (_, { source }) => source?.silentReopened },
  { kind: 'counter', name: 'pubsub_leases_extended_total', help: 'Lease extensions that Pub/Sub took.', read: (_, { source }) => source?.extended },
  { kind: 'counter', name: 'pubsub_leases_lost_total', help: 'Lease extensions that were refused because the lease had ended: these messages come again.', read: (_, { source }) => source?.extensionsRefused },

  { kind: 'counter', name: 'epochs_total', help: 'Commits.', read: ({ committed }) => committed.epochs },
  { kind: 'gauge', name: 'commit_pending_seconds', help: 'How long the commit that is on its way has been; 0 when none is.', read: ({ commit }) => seconds(commit.pending) },
  { kind: 'gauge', name: 'sink_failing', help: 'Whether the last attempt to commit failed.', read: ({ commit }) => isOne(commit.failures > 0) },
  { kind: 'gauge', name: 'checkpoint_age_seconds', help: 'Time since the last commit; while nothing comes there is nothing to commit.', read: ({ commit }) => seconds(commit.age) },
  { kind: 'gauge', name: 'checkpoint_state_bytes', help: 'Bytes of the whole state as it was last written down in full; with --state kafka.', read: (_, { checkpoint }) => checkpoint?.stateBytes },
  { kind: 'counter', name: 'checkpoint_written_bytes_total', help: 'Bytes of state that were written, as changes and in full; with --state kafka.', read: (_, { checkpoint }) => checkpoint?.writtenBytes },
];
