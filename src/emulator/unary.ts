import type { handleUnaryCall } from '@grpc/grpc-js';
import { invalid, Refusal } from './refusal.js';

/** A handler that may throw a `Refusal`: it becomes the call's error. */
export const refusable =
  <Request, Response>(handle: handleUnaryCall<Request, Response>): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    try {
      handle(call, callback);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      callback(thrown);
    }
  };

/** A handler whose return value is the answer. */
export const unary = <Request, Response>(handle: (request: Request) => Response): handleUnaryCall<Request, Response> =>
  refusable((call, callback) => callback(null, handle(call.request)));

/** What a request for a list says of the page it wants. */
export interface Paged {
  readonly pageSize: number;
  readonly pageToken: string;
}

/** One page of a list and the token of the next, empty at the end. A token is the position of its page's first item. */
export function page<T>(all: readonly T[], { pageSize, pageToken }: Paged): readonly [items: T[], nextPageToken: string] {
  const from = Number(pageToken);
  if (!Number.isInteger(from) || from < 0) throw invalid(`Invalid page token: ${pageToken}.`);
  const to = pageSize > 0 ? from + pageSize : all.length;
  return [all.slice(from, to), to < all.length ? String(to) : ''];
}
