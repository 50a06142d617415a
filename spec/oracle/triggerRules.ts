import * as fc from 'fast-check';
import { afterCount, afterProcessingTime, afterWatermark, repeatedly, type OnceTrigger, type PaneTrigger } from '../../operators/index.js';

const once: fc.Arbitrary<OnceTrigger> = fc.oneof(fc.integer({ min: 1, max: 4 }).map(afterCount), fc.constantFrom(3, 8, 25).map(afterProcessingTime));
const phase: fc.Arbitrary<PaneTrigger | undefined> = fc.oneof(fc.constant(undefined), once, once.map(repeatedly));

/** Any trigger. */
export const anyTrigger = fc.record({ early: phase, late: phase }).map(afterWatermark);

/** Any trigger, or none. */
export const someTrigger = fc.option(anyTrigger, { nil: undefined });
