import { pipe, type OperatorFunction } from 'rxjs';
import {
  assignWatermarks, branch, earlyTrigger, sessionWindow,
  type AssignWatermarksOptions, type Element, type SessionWindowOptions, type Watermark,
} from '../operators/index.js';
import { collected, type Mark } from './mark.js';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

type WatermarkOptions = Partial<AssignWatermarksOptions<Mark>>;
type SessionOptions = Partial<SessionWindowOptions<string, Mark, readonly Mark[]>>;

/** As in production: 10 s of disorder. */
export const watermarks = (options: WatermarkOptions = {}) =>
  assignWatermarks<Mark>({ timestamp: ({ at }) => at, maxOutOfOrderness: 10 * SECOND, ...options });

/** The same without what is told apart, as `sessions` take it. */
export const timed = (options: WatermarkOptions = {}): OperatorFunction<Mark, Element<Mark> | Watermark> =>
  pipe(watermarks(options), branch('Future', () => undefined));

/** As in production: a gap of 1 min. A pane holds its marks. */
export const sessions = (options: SessionOptions = {}) =>
  sessionWindow<string, Mark, readonly Mark[]>({ key: ({ key }) => key, gap: MINUTE, aggregate: collected, ...options });

/** The same with early panes, as in production after 30 s. */
export const triggered = (options: SessionOptions = {}) => pipe(sessions(options), earlyTrigger({ every: 30 * SECOND }));
