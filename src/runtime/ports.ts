import type { Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import type { DeadLetter } from '../model/deadLetter.js';
import type { Message } from '../model/message.js';
import type { Result } from '../model/outcome.js';

/**
 * What the runtime asks of the outside world. It knows no broker: `io/` implements these, and the
 * parts that keep state durably implement the same ports as those that keep it in memory.
 */

export type SourceEvent =
  /** Messages, in the order they are to be processed. */
  | { readonly _tag: 'Delivered'; readonly messages: readonly Message[] }
  /** The input is open: silence from here on is idleness. */
  | { readonly _tag: 'Opened' }
  /** The input is gone for now: silence is not idleness. `lost`: not by its own doing; else the source closed it, to open it anew. */
  | { readonly _tag: 'Interrupted'; readonly cause: string; readonly lost: boolean }
  /** Nothing more will be delivered. `complete`: the input has an end and it was reached; else reading was stopped. */
  | { readonly _tag: 'Ended'; readonly complete: boolean };

export interface SourceControl {
  /** When it emits, the source reads no more; what it has delivered stays its own until acked. */
  readonly stop$: Observable<unknown>;
  /** Messages that may be delivered and not yet acked. The source never exceeds it by more than what was on the wire, and looks at it again after every ack. */
  readonly maxOutstandingMessages: number;
}

/** What a source has done since it was made; all but what is held only grows. */
export interface SourceFigures {
  /** Messages passed on, redeliveries included. */
  readonly delivered: number;
  readonly acked: number;
  /** Acks that were refused or could not be told in time: these messages may come again. */
  readonly ackUnconfirmed: number;
  /** Delivered and not yet acked. */
  readonly held: number;
  readonly heldBytes: number;
  /** Streams opened after the first. */
  readonly reopened: number;
  /** Those of them that were opened because nothing came for too long. */
  readonly silentReopened: number;
  /** Leases. */
  readonly extended: number;
  readonly extensionsRefused: number;
}

export interface Source {
  /** Whether a backlog comes in the order in which it was published, or in any. */
  readonly backlog: 'in_order' | 'in_any_order';
  /** What a reader that died had been given comes again within this time, as far as is known by now. */
  redeliveredWithin(): Millis;
  /**
   * Cold. Emits events; after `Ended` it stays open (leases are kept) until everything it delivered
   * has been acked, and then completes. An error is one that reopening did not mend.
   */
  open(control: SourceControl): Observable<SourceEvent>;
  /** Tells the source that these deliveries are done with; the source sees to retries. Emits once: those of which it is not certain that they will not come again. */
  ack(messages: readonly Message[]): Observable<readonly Message[]>;
  /** For those who watch; a source without leases has nothing to tell. */
  readonly figures?: () => SourceFigures;
}

/** All that one commit covers. */
export interface Epoch<Delta> {
  /** 1, 2, 3, … per task. */
  readonly number: number;
  readonly results: readonly Result[];
  readonly deadLetters: readonly DeadLetter[];
  /** What changed in the task's state, taken at the cut. */
  readonly delta: Delta;
  /** The deliveries it covers, acked after the commit. */
  readonly messages: readonly Message[];
  /** It ends a run: everything that was delivered has been committed and acked, and nothing comes after it. */
  readonly isPark: boolean;
}

/** Where a task goes on from. */
export interface Restored<State> {
  /** The last committed state; undefined when nothing has ever been committed. */
  readonly state: State | undefined;
  /** Nothing is with an instance that died: no delivery is going to come again that did not go into the state. */
  readonly isClean: boolean;
}

/** Where results and dead letters go. Both are durable when `write` completes. */
export interface Sink {
  /** How many messages an epoch may have. Where a write costs little they are few: what is held for an epoch then dies young. */
  readonly epochMessages: number;
  /** Connects and checks what can be checked before the first message. */
  open(): Observable<never>;
  /** Writes and completes; an error leaves it open whether anything was written. The sink may then be asked again with the same. */
  write(results: readonly Result[], deadLetters: readonly DeadLetter[]): Observable<never>;
  close(): Observable<never>;
}

export interface CheckpointFigures {
  /** Of the whole state, as it was last written down; undefined before that. */
  readonly stateBytes: number | undefined;
  /** Of all that has been written since the start. */
  readonly writtenBytes: number;
}

/** Where epochs become durable: outputs and state together. */
export interface Checkpoint<State, Delta> {
  /** Whether the state outlives the process: then a stop can leave it as it is. */
  readonly isDurable: boolean;
  /** How many messages an epoch may have. */
  readonly epochMessages: number;
  /** Connects and checks what can be checked before anything is taken over. */
  open(): Observable<never>;
  /** Takes ownership, emits once from where to go on, and completes. */
  restore(): Observable<Restored<State>>;
  /**
   * To be called once for each epoch, at its cut: what it needs of the state it takes before it
   * returns. Subscribing makes the epoch durable and completes. After an error it is not known
   * whether it is; subscribing again finds out, and makes it durable if it was not.
   */
  commit(epoch: Epoch<Delta>): Observable<never>;
  /** For those who watch; what is kept in memory has no size. */
  readonly figures?: () => CheckpointFigures;
  close(): Observable<never>;
}
