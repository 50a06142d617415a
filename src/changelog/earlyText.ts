import type { EarlyDeadline } from '../../operators/index.js';
import type { Scanner } from './scanner.js';

/** `[[start, end, at, ordinal], …]` */
export const earlyText = (deadlines: readonly EarlyDeadline[]): string => JSON.stringify(deadlines.map(({ window, at, ordinal }) => [window.start, window.end, at, ordinal]));

/** What follows a key, to the end of the line. */
export const earlyOf = (value: Scanner): readonly EarlyDeadline[] => {
  const deadlines = value.list(deadlineOf);
  value.close();
  return deadlines;
};

const deadlineOf = (value: Scanner): EarlyDeadline => {
  value.open();
  const deadline = { window: { start: value.number(), end: value.number() }, at: value.number(), ordinal: value.number() };
  value.close();
  return deadline;
};
