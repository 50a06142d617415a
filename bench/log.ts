import type { Log } from '../src/runtime/taskLoop.js';

/** Only what should not happen in a benchmark is shown; a broker that has just started lets kafkajs wait, and that is all its own log has to say. */
export const complaints: Log = (level, event, fields) => {
  if (event !== 'kafka_client' && (level === 'warn' || level === 'error')) process.stderr.write(`${level}: ${event} ${JSON.stringify(fields ?? {})}\n`);
};
