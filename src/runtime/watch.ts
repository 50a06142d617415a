import { identity, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { Changed, Closed, Late, Pane, SessionFull, Watermark } from '../../operators/index.js';

/** What comes out of windows and triggers. */
export type WindowOutput = Changed<string, unknown> | Pane<string, unknown> | Late<string, unknown> | SessionFull<string, unknown> | Closed<string> | Watermark;

/** Taps between the operators: they see what flows there, and change nothing. */
export interface Watch {
  /** Behind the session windows, before any early pane is drawn. */
  readonly sessions: (it: WindowOutput) => void;
  /** Behind the triggers: what is drawn early comes here, too. */
  readonly panes: (it: WindowOutput) => void;
}

/** Shows to `see` what flows by; costs nothing where nobody looks. */
export const seenBy = <T extends WindowOutput>(see: ((it: WindowOutput) => void) | undefined): MonoTypeOperatorFunction<T> => (see ? tap((it: T) => see(it)) : identity);
