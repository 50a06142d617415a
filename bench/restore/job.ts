import { kafkaCheckpoint } from '../../src/io/kafkaCheckpoint.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { complaints } from '../log.js';

/** The job whose changelog is filled, read and restored, and its topics. */

export const JOB = 'restored';
export const CHANGELOG = `${JOB}-changelog`;
export const OUTPUT = 'results';
export const DEAD_LETTERS = 'results.dead-letter';

/** The checkpoint as a run with `--state kafka` has it. */
export const checkpointAt = (broker: string, log = complaints) =>
  kafkaCheckpoint({
    job: JOB, brokers: [broker], clientId: JOB, outputTopic: OUTPUT, deadLetterTopic: DEAD_LETTERS, encoding: { timestampPrecision: 'milliseconds' },
    settings: { product: 'time_on_page' }, codec: pagesViewedCodec, acceptStateChange: false, transactionTimeout: 30_000, log,
  });
