import { wrong } from './shape.js';

/** Enrichment that goes out beside a result. */
export type Extra = Readonly<Record<string, string | null>> | undefined;

/** As the last member of a list, which ends before it when there is none. */
export const extraOf = (value: unknown): Extra => (value === undefined || isExtra(value) ? value : wrong('enrichment', value));

const isExtra = (value: unknown): value is NonNullable<Extra> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => one === null || typeof one === 'string');
