import type { Millis } from '../operators/index.js';
import { liveSession, sessionSizes } from './liveSession.js';
import type { SessionEvent } from './model/sessionEvent.js';
import { pipeline, type PipelineRules } from './pipeline.js';
import { changesOf, slotsFrom, type PipelineCut, type PipelineSnapshot } from './pipelineState.js';
import type { Product } from './products/product.js';
import type { BuildFlow } from './runtime/flow.js';
import type { Watch } from './runtime/watch.js';

/** The pipeline as the runtime takes it: put together anew, with its state, for every start. Whoever explains it looks on by `watch`. */
export const productFlow =
  <E extends SessionEvent, M extends { readonly timestamp: Millis }, A>(product: Product<E, M, A>, rules: PipelineRules, watch?: Watch): BuildFlow<PipelineSnapshot<A>, PipelineCut<A>> =>
  (context, restored) => {
    const slots = slotsFrom(restored);
    return {
      operator: pipeline(product, rules, { ...context, slots, watch }),
      changes: () => changesOf(slots),
      sessionCounts: () => slots.sessions.header().counts,
      sessionSizes: () => sessionSizes(slots),
      session: (id) => liveSession(slots, id),
    };
  };
