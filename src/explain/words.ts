import { printTime } from '../../marbles/index.js';
import type { Millis, Window } from '../../operators/index.js';
import { isoTime } from '../model/isoTime.js';
import type { Outcome, Result } from '../model/outcome.js';
import { PageTime } from '../model/pageTime.js';
import type { Names } from './names.js';

/** Times and windows as scores write them, counted from `zero`. */
export class Words {
  constructor(
    readonly zero: Millis,
    readonly names: Names,
  ) {}

  time(at: Millis): string {
    return printTime(at - this.zero);
  }

  window({ start, end }: Window): string {
    return `[${this.time(start)}..${this.time(end)})`;
  }

  /** `Home=20s#0/early`, as the diagrams of the pipeline have it. */
  result({ emitted: { value, revision, pane } }: Result): string {
    const flags = [isRule(value) && 'gap', pane.timing !== 'ON_TIME' && pane.timing.toLowerCase(), pane.historic && 'historic', pane.forced];
    const said = value instanceof PageTime ? `${this.names.of(value.page)}=${value.timeSpent / 1_000}s` : JSON.stringify(value.shown()).replace(/\s+/g, '·');
    return `${said}#${revision}${flags.filter((flag) => flag !== false).map((flag) => `/${flag}`).join('')}`;
  }
}

/** The last page of a session: its time is the gap. */
export const isRule = (value: Outcome): boolean => value instanceof PageTime && value.rule === 'session_gap';

export const iso = (at: Millis): string => isoTime(at, 'milliseconds');
