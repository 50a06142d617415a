import type { Millis } from '../../operators/index.js';
import type { Mark } from '../mark.js';

/** An instant of processing time, and how many marks stand before it in its cell. */
export interface Place {
  readonly at: Millis;
  readonly slot: number;
}

/** A mark of the source, in its place. */
export interface Arrival {
  readonly mark: Mark;
  readonly place: Place;
  /** A row of what is refused has it. */
  readonly isRefused: boolean;
  /** It has an event time: it is no watermark, nor what befalls the source. */
  readonly isEvent: boolean;
}

/** An event, where it stands in processing time and in event time. */
export interface Dot extends Arrival {
  /** The watermark had passed its event time when it came. */
  readonly isBehind: boolean;
  /** Its number among the marks of the diagram. */
  readonly index: number;
}
