import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import type { Closed, Emitted, Millis, SessionCounts, Timing, Watermark } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import type { Outcome } from '../model/outcome.js';
import type { LiveSession, SessionSizes } from './observation.js';

/** What comes out of a flow: results, and how far it is. */
export type FlowOutput = Emitted<string, Outcome> | Closed<string> | Watermark;

/** What a flow lives in. */
export interface FlowContext {
  /** Task time. */
  readonly scheduler: SchedulerLike;
  readonly wallClock: () => Millis;
  readonly ceiling: () => Millis;
  readonly idleResets$: Observable<unknown>;
  readonly drain$: Observable<unknown>;
  readonly deadLetters: (deadLetter: DeadLetter) => void;
  /** An event's two timestamps disagree. */
  readonly onContradiction: () => void;
  /** A pane was drawn. */
  readonly onPane: (timing: Timing) => void;
}

/** A pipeline that has been put together, with the door to its state. It is synchronous: pushing a message has emitted all it causes when `next` returns. */
export interface Flow<Delta> {
  readonly operator: OperatorFunction<Message, FlowOutput>;
  /** What has changed since the last call; only once the operator is subscribed. */
  changes(): Delta;
  sessionCounts(): SessionCounts;
  sessionSizes(): SessionSizes;
  /** Undefined when nothing is known of it. */
  session(id: string): LiveSession | undefined;
}

export type BuildFlow<Snapshot, Delta> = (context: FlowContext, restored: Snapshot | undefined) => Flow<Delta>;
