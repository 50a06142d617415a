import { asyncScheduler, defer, type Observable } from 'rxjs';
import type { Millis } from '../../operators/index.js';
import { paced, type PacedOptions } from './paced.js';
import type { Publication } from './publication.js';
import { traffic, type TrafficOptions } from './traffic.js';

export interface LiveTrafficOptions extends Omit<TrafficOptions, 'start'>, Pick<PacedOptions<Publication>, 'send' | 'scheduler'> {
  /** The traffic of this long before now is sent at once, so that there are sessions to close soon. */
  readonly backlog: Millis;
}

/** {@link traffic} that follows the clock, without end, for as long as somebody is subscribed; see {@link paced}. */
export const liveTraffic = ({ backlog, send, scheduler = asyncScheduler, ...options }: LiveTrafficOptions): Observable<number> =>
  defer(() => paced({ items: traffic({ ...options, start: scheduler.now() - backlog }), at: ({ publishAt }) => publishAt, send, scheduler }));
