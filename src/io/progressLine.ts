import type { Millis } from '../../operators/index.js';

/** A line on a terminal that is written over and over; nothing where nobody looks. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the last text standing. */
  end(): void;
}

/** Often enough to look alive. */
const EVERY: Millis = 200;

/*
 * Back pressure: at most one line in 200 ms. Delivery guarantee: the last text is shown at the end.
 * On failure: none; a terminal that is gone shows nothing.
 */
export const createProgressLine = (terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): ProgressLine => {
  let shownAt = -Infinity;
  let last = '';
  const write = (text: string): void => {
    // Carriage return, the text, and the rest of the former one erased.
    terminal.write(`\r${text}\u001B[K`);
    shownAt = Date.now();
    last = '';
  };
  if (!terminal.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show(text) {
      last = text;
      if (Date.now() - shownAt >= EVERY) write(text);
    },
    end() {
      if (last !== '') write(last);
      if (shownAt > 0) terminal.write('\n');
    },
  };
};
