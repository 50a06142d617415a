import type { OperatorFunction } from 'rxjs';
import {
  assignWatermarks, branch, dedupeEmitted, earlyTrigger, enrich, filter, sessionWindow, validate, type Millis,
} from '../operators/index.js';
import { late, sessionFull, tooFarAhead } from './model/refusals.js';
import type { Message } from './model/message.js';
import type { SessionEvent } from './model/sessionEvent.js';
import type { PipelineSlots } from './pipelineState.js';
import type { Product } from './products/product.js';
import type { FlowContext, FlowOutput } from './runtime/flow.js';
import { seenBy, type Watch } from './runtime/watch.js';
import { decodeEvent } from './stages/decodeEvent.js';
import { excluded, exclusionOf, type Exclusions } from './stages/exclude.js';

/** What holds for all products. Durations in ms. */
export interface PipelineRules {
  readonly filter: Exclusions;
  readonly windows: {
    readonly gap: Millis;
    readonly maxOutOfOrderness: Millis;
    readonly allowedLateness: Millis;
    /** Undefined: no early panes. */
    readonly earlyTrigger: Millis | undefined;
    readonly idleTimeout: Millis;
    readonly maxFutureSkew: Millis;
    readonly historic: 'process' | 'late';
    readonly historicTimeout: Millis;
    readonly closedSessionMemory: Millis;
  };
}

/** What the pipeline runs in, and where its state is kept. */
export interface PipelineContext<A> extends FlowContext {
  readonly slots: PipelineSlots<A>;
  /** Looks on, for those who explain. */
  readonly watch?: Watch | undefined;
}

/** GA4 events in, new or changed results of a product out; everything else ends as a dead letter. One page, one flow. */
export const pipeline = <E extends SessionEvent, M extends { readonly timestamp: Millis }, A>(
  product: Product<E, M, A>,
  { filter: exclusions, windows }: PipelineRules,
  context: PipelineContext<A>,
): OperatorFunction<Message, FlowOutput> => {
  const { scheduler, wallClock, ceiling, idleResets$: idleResets, drain$: drain, slots, watch, deadLetters, onContradiction, onPane } = context;
  const exclusion = exclusionOf(product.eventNames, exclusions);
  const resultsOf: typeof product.results = (pane) => {
    onPane(pane.timing);
    return product.results(pane);
  };

  return (messages$) => {
    const events$ = messages$.pipe(
      validate(decodeEvent(product.event)),
      filter((event) => exclusion(event) === undefined, (event) => excluded(event, exclusion(event))),
      enrich(product.enrichment(onContradiction)),
      branch('Left', ({ left }) => deadLetters(left)),
    );
    const panes$ = events$.pipe(
      assignWatermarks({ ...windows, timestamp: ({ kept }) => kept.timestamp, wallClock, ceiling, idleResets, scheduler, state: slots.watermarks }),
      branch('Future', (future) => deadLetters(tooFarAhead(future, windows.maxFutureSkew))),
      sessionWindow({ ...windows, key: ({ event }) => event.session_id, aggregate: product.aggregate, drain, scheduler, state: slots.sessions }),
      seenBy(watch?.sessions),
      earlyTrigger({ every: windows.earlyTrigger ?? Infinity, scheduler, state: slots.early }),
      seenBy(watch?.panes),
      branch('Late', (refused) => deadLetters(late(refused))),
      branch('SessionFull', (refused) => deadLetters(sessionFull(refused))),
    );
    return panes$.pipe(
      dedupeEmitted({ results: resultsOf, identity: (outcome) => outcome.identity(), same: (a, b) => a.said() === b.said(), state: slots.emitted }),
    );
  };
};
