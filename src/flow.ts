import { pagesViewed, type PipelineRules } from './pipeline.js';
import { changesOf, slotsFrom, type PipelineCut, type PipelineSnapshot } from './pipelineState.js';
import type { BuildFlow } from './runtime/flow.js';

/** The pipeline as the runtime takes it: put together anew, with its state, for every start. */
export const pagesViewedFlow =
  (rules: PipelineRules): BuildFlow<PipelineSnapshot, PipelineCut> =>
  (context, restored) => {
    const slots = slotsFrom(restored);
    return {
      operator: pagesViewed(rules, { ...context, slots }),
      changes: () => changesOf(slots),
      sessionCounts: () => slots.sessions.header().counts,
    };
  };
