import type { RunConfig } from './runConfig.js';

/** What a configuration says of how a task is led; clocks and timers are those of whoever leads it. */
export const taskConfig = ({ commitInterval, windows, maxOutstandingMessages, maxRestarts, state, drain }: RunConfig) => ({
  commitInterval,
  maxOutOfOrderness: windows.maxOutOfOrderness,
  maxOutstandingMessages,
  maxRestarts,
  holdFor: state._tag === 'Kafka' ? state.holdFor : undefined,
  drain,
});
