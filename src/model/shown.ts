/** Longer values are cut: a dead letter carries the whole body anyway. */
const MOST = 80;

/** A value as an error message shows it: readable, short, and never deeper than one level. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `${value}`;
  return 'an object';
};
