import { map, pipe } from 'rxjs';
import { fixedWindow, slidingWindow, type Closed, type FixedWindowOptions, type Late, type Millis, type Pane, type SlidingWindowOptions, type Watermark } from '../../operators/index.js';
import { hits, plain, type Announced, type Hit, type Hits } from './values.js';

export type FixedOptions = Partial<FixedWindowOptions<string, Hit, Hits>>;
export type SlidingOptions = Partial<SlidingWindowOptions<string, Hit, Hits>>;

/** What comes out of fixed and sliding windows, comparable. */
export type AlignedOutput = Announced | Pane<string, Hits> | Late<string, Hit> | Closed<string> | Watermark;

/** Windows of hits, 10 ms long. */
export const fixed = (options: FixedOptions = {}) => fixedWindow<string, Hit, Hits>({ key: (it) => it.key, size: 10, aggregate: hits, ...options });

/** Windows of hits, 10 ms long, one every 5 ms. */
export const sliding = (options: SlidingOptions = {}) => slidingWindow<string, Hit, Hits>({ key: (it) => it.key, size: 10, every: 5, aggregate: hits, ...options });

/** Rules of windows at fixed places: fixed ones when `every` is the size. */
export interface AlignedOptions extends Omit<SlidingOptions, 'size' | 'every' | 'offset'> {
  readonly size: Millis;
  readonly every: Millis;
  readonly offset: Millis;
}

/** Either operator, with `Changed` made comparable. */
export const aligned = ({ every, ...options }: AlignedOptions) => pipe(every === options.size ? fixed(options) : sliding({ ...options, every }), map(plain));
