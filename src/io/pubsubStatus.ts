import { status } from '@grpc/grpc-js';

/**
 * What mends itself: the codes after which Google's own subscriber opens its stream again, and
 * UNKNOWN, which gRPC reports when a token could not be fetched just now.
 */
const PASSING: ReadonlySet<number> = new Set([
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.CANCELLED,
  status.UNKNOWN,
]);

const ADVICE: Readonly<Partial<Record<number, string>>> = {
  [status.NOT_FOUND]: 'it does not exist: create it, or correct its name',
  [status.PERMISSION_DENIED]: 'these credentials may not use it: grant their account the role roles/pubsub.subscriber on it (or roles/pubsub.publisher on a topic)',
  [status.UNAUTHENTICATED]: 'the credentials were refused: check GOOGLE_APPLICATION_CREDENTIALS, or run "gcloud auth application-default login"',
  [status.INVALID_ARGUMENT]: 'the request was refused: check the name (projects/P/subscriptions/S) and the ack deadline (10 to 600 s)',
  [status.FAILED_PRECONDITION]: 'it cannot be pulled: check that it is a pull subscription and not detached from its topic',
};

/** The gRPC status code of a failed call; undefined when it failed before there was one (no credentials, say). */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;

/** Whether trying again may help. */
export const isPassing = (error: unknown): boolean => PASSING.has(statusOf(error) ?? status.OK);

/** `UNAVAILABLE: the server's own words`, for logs. */
export const causeOf = (error: unknown): string => {
  const code = statusOf(error);
  const text = error instanceof Error ? error.message.replace(/^\d+ [A-Z_]+: /, '') : String(error);
  return code === undefined ? text : `${status[code] ?? code}: ${text}`;
};

/** An error that names the resource and says what to do about it. */
export const fatal = (resource: string, error: unknown): Error => {
  const advice = ADVICE[statusOf(error) ?? status.UNKNOWN] ?? 'Pub/Sub cannot be used';
  return new Error(`${resource}: ${advice} (${causeOf(error)})`, { cause: error });
};

export const LONGEST_WAIT = 10_000;

/** How long to wait after the n-th failure in a row (1, 2, …), ms: from 0.1 s doubling up to 10 s, of which up to half is left to chance. */
export const backOff = (failures: number, fraction: () => number): number => Math.min(100 * 2 ** (failures - 1), LONGEST_WAIT) * (1 - fraction() / 2);
