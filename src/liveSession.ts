import type { PipelineSlots } from './pipelineState.js';
import type { LiveSession, SessionSizes } from './runtime/observation.js';

/** All that the running pipeline knows of a session id, as it is now. */
export const liveSession = <A>({ sessions, early, emitted }: PipelineSlots<A>, id: string): LiveSession | undefined => {
  const keyed = sessions.entry(id);
  return keyed && { ...keyed, early: early.entry(id) ?? [], emitted: Array.from(emitted.entry(id) ?? [], ([, emission]) => emission) };
};

export const sessionSizes = <A>({ sessions }: PipelineSlots<A>): SessionSizes => {
  const { open = 0, historic = 0, remembered = 0 } = sessions.sizes();
  return { open, historic, remembered };
};
