import { map, pipe } from 'rxjs';
import { earlyTrigger, sessionWindow, type Closed, type Element, type Late, type Millis, type Pane, type SessionFull, type SessionWindowOptions, type Watermark } from '../../operators/index.js';
import { element, hit, hits, plain, type Announced, type Hit, type Hits } from './values.js';

export type Options = Partial<SessionWindowOptions<string, Hit, Hits>>;
export type Input = Element<Hit> | Watermark;

/** What comes out of them, comparable. */
export type Output = Announced | Pane<string, Hits> | Late<string, Hit> | SessionFull<string, Hit> | Closed<string> | Watermark;

/** The operator of these specs: sessions of hits, 10 ms apart, with `Changed` made comparable. */
export const sessions = (options: Options = {}) => pipe(windows(options), map(plain));

/** As `sessions`, with `Changed` as it is. */
export const windows = (options: Options = {}) => sessionWindow<string, Hit, Hits>({ key: (it) => it.key, gap: 10, aggregate: hits, ...options });

/** Sessions with early panes after `every`. */
export const triggered = (every: Millis, options: Options = {}) =>
  pipe(windows(options), earlyTrigger({ every, ...(options.scheduler && { scheduler: options.scheduler }) }));

/** An element for `sessions`. */
export const el = (page: string, at: Millis, key?: string): Element<Hit> => element(hit(page, at, key));
