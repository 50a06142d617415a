import type { OperatorFunction } from 'rxjs';
import {
  assignWatermarks, branch, dedupeEmitted, earlyTrigger, enrich, filter, sessionWindow, validate, type Millis,
} from '../operators/index.js';
import { late, sessionFull, tooFarAhead } from './model/refusals.js';
import type { Message } from './model/message.js';
import { visitsAggregate } from './model/visits.js';
import type { PipelineSlots } from './pipelineState.js';
import type { FlowContext, FlowOutput } from './runtime/flow.js';
import { decodePageView } from './stages/decodePageView.js';
import { enrichPageView, type EnrichmentRules } from './stages/enrichPageView.js';
import { excluded, exclusionOf, type Exclusions } from './stages/exclude.js';
import { pageTimeIdentity, sameTimeSpent, timeOnPage, type TimeOnPageRules } from './stages/timeOnPage.js';

/** What the pipeline is to compute. Durations in ms. */
export interface PipelineRules {
  readonly filter: Exclusions;
  readonly enrichment: EnrichmentRules;
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
  readonly results: TimeOnPageRules;
}

/** What the pipeline runs in, and where its state is kept. */
export interface PipelineContext extends FlowContext {
  readonly slots: PipelineSlots;
}

/** Page views in, new or changed times on page out; everything else ends as a dead letter. One page, one flow. */
export const pagesViewed = ({ filter: exclusions, enrichment, windows, results }: PipelineRules, context: PipelineContext): OperatorFunction<Message, FlowOutput> => {
  const { scheduler, wallClock, ceiling, idleResets$: idleResets, drain$: drain, slots, deadLetters, onContradiction } = context;
  const exclusion = exclusionOf(exclusions);

  return (messages$) => {
    const views$ = messages$.pipe(
      validate(decodePageView),
      filter((event) => exclusion(event) === undefined, (event) => excluded(event, exclusion(event))),
      enrich(enrichPageView(enrichment, onContradiction)),
      branch('Left', ({ left }) => deadLetters(left)),
    );
    const panes$ = views$.pipe(
      assignWatermarks({ ...windows, timestamp: ({ visit }) => visit.timestamp, wallClock, ceiling, idleResets, scheduler, state: slots.watermarks }),
      branch('Future', (future) => deadLetters(tooFarAhead(future, windows.maxFutureSkew))),
      sessionWindow({ ...windows, key: ({ event }) => event.session_id, aggregate: visitsAggregate, drain, scheduler, state: slots.sessions }),
      earlyTrigger({ every: windows.earlyTrigger ?? Infinity, scheduler, state: slots.early }),
      branch('Late', (refused) => deadLetters(late(refused))),
      branch('SessionFull', (refused) => deadLetters(sessionFull(refused))),
    );
    return panes$.pipe(
      dedupeEmitted({ results: timeOnPage(results), identity: pageTimeIdentity, same: sameTimeSpent, state: slots.emitted }),
    );
  };
};
