/** Where the Pub/Sub parts tell what an operator should know: a word for what happened, and its particulars. */
export type PubsubLog = (level: 'info' | 'warn', event: string, fields: Readonly<Record<string, unknown>>) => void;
