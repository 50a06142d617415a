/** A failure that asking again will not mend: no permission, no such topic, a recording without times. Errors say so by `fatal: true`. */
export const isFatal = (error: unknown): boolean => typeof error === 'object' && error !== null && 'fatal' in error && error.fatal === true;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
