import { logLevel, type logCreator } from 'kafkajs';

/** Where the parts of this folder report to: a level, a word for what happened, and its particulars. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: Readonly<Record<string, unknown>>) => void;

/** Said of every producer whose retries end one day; ours do, because a new producer then takes over. */
const ABOUT_RETRIES = 'Limiting retries for the idempotent producer';

/** Said between two transactions whenever one follows close upon the other; a few ms later it works. */
const OF_BUSY_TRANSACTIONS = 'another concurrent operation on the same transaction was ongoing';

/** Fields that the application's log has already, or has no use for. */
const LEFT_OUT: ReadonlySet<string> = new Set(['timestamp', 'logger', 'message', 'stack']);

/**
 * kafkajs's own log, passed on as event `kafka_client`.
 *
 * What kafkajs calls an error it goes on to retry; what it gives up on is thrown, and reported by
 * whoever asked. So its errors are warnings here.
 */
export const kafkaLog =
  (log: Log): logCreator =>
  () =>
  ({ namespace, level, log: entry }) => {
    const said: unknown = entry.message; // in places an Error, whatever its type says
    const message = String(said);
    if (message.startsWith(ABOUT_RETRIES)) return;
    const expected = [message, String(entry['error'])].some((it) => it.includes(OF_BUSY_TRANSACTIONS));
    const fields = Object.entries(entry).filter(([name]) => !LEFT_OUT.has(name));
    log(level <= logLevel.WARN && !expected ? 'warn' : 'debug', 'kafka_client', { part: namespace, message, ...Object.fromEntries(fields) });
  };
