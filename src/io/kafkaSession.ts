import type { Millis } from '../../operators/index.js';

/**
 * A session of who has shown a token or a password is renewed when it has so long to live. kafkajs would do so
 * 10 s before the end, and with shorter sessions before every request; brokers allow it once a second and call
 * the rest an ILLEGAL_SASL_STATE.
 */
export const RENEWED_BEFORE_END: Millis = 3_000;
