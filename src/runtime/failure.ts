/** A failure that asking again will not mend: no permission, no such topic, a recording without times. Errors say so by `fatal: true`. */
export const isFatal = (error: unknown): boolean => typeof error === 'object' && error !== null && 'fatal' in error && error.fatal === true;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What stands in quotes in what a broken callback says may be a piece of an event, which no log and no page is to have. */
export const withoutQuotes = (message: string): string => message.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '…');
