import { eventTime } from './eventTime.js';
import { guardedBy } from './guardedBy.js';

/** Text that {@link eventTime} can read. */
export const Instant = guardedBy('an ISO 8601 date-time that exists', (value): value is string => typeof value === 'string' && Number.isFinite(eventTime(value)));
