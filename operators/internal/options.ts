import type { Millis } from '../types.js';

/** Options are checked when an operator is made, so that a mistake shows where it was written. */

export const atLeastZero = (name: string, value: Millis): Millis => {
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 ms or more, got ${value}`);
  return value;
};

export const positive = (name: string, value: Millis): Millis => {
  if (!(value > 0)) throw new RangeError(`${name} must be more than 0 ms, got ${value}`);
  return value;
};

export const finite = (name: string, value: Millis): Millis => {
  if (value === Infinity) throw new RangeError(`${name} must be finite, got ${value}`);
  return value;
};

export const countFromOne = (name: string, value: number): number => {
  if (!(value >= 1)) throw new RangeError(`${name} must be 1 or more, got ${value}`);
  return value;
};

export const oneOf = <T extends string>(name: string, allowed: readonly T[], value: T): T => {
  if (!allowed.includes(value)) throw new RangeError(`${name} must be one of ${allowed.join(', ')}, got ${value}`);
  return value;
};

export const whole = (name: string, value: Millis): Millis => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name} must be a whole number of ms, got ${value}`);
  return value;
};

export const wholeFromOne = (name: string, value: number): number => {
  if (!(Number.isSafeInteger(value) && value >= 1)) throw new RangeError(`${name} must be a whole number from 1, got ${value}`);
  return value;
};
