import { asyncScheduler, concat, concatMap, defer, EMPTY, finalize, from, ignoreElements, map, NEVER, scan, type Observable } from 'rxjs';
import type { Millis } from '../operators/index.js';
import type { PublishConfig } from './config/publishConfig.js';
import { ndjsonSource } from './io/ndjsonSource.js';
import { ensureSubscription, ensureTopic } from './io/pubsubAdmin.js';
import { createPublisher, type Publisher } from './io/pubsubPublisher.js';
import type { Message } from './model/message.js';
import { paced } from './traffic/paced.js';
import type { Publication } from './traffic/publication.js';
import { traffic } from './traffic/traffic.js';

/** How far it has come. */
export interface PublishProgress {
  /** Events that Pub/Sub has taken. */
  readonly published: number;
  /** Since the first of them was made. */
  readonly elapsed: Millis;
}

/**
 * Publishes synthetic traffic at its pace, or a file as fast as the topic takes it, creating topic
 * and subscription first if that was asked for.
 *
 * Shape: one progress after every request or two; completes when all is published, and the last
 * progress is the sum.
 *
 * Errors: what Pub/Sub refuses, with the topic's name and what to do; a file that cannot be read; a
 * line that no message can hold. What was published before stays published.
 */
export const publish = (config: PublishConfig): Observable<PublishProgress> =>
  concat(
    created(config),
    defer(() => {
      const publisher = createPublisher({ projectTopic: config.topic, endpoint: config.endpoint });
      const startedAt = asyncScheduler.now();
      return counts(config.events, publisher).pipe(
        scan((published, count) => published + count, 0),
        map((published) => ({ published, elapsed: asyncScheduler.now() - startedAt })),
        finalize(() => void publisher.close()),
      );
    }),
  );

/** `12345 events in 12.3 s, 1004 a second`. */
export const describeProgress = ({ published, elapsed }: PublishProgress): string =>
  `${published} events in ${(elapsed / 1000).toFixed(1)} s, ${Math.round((published * 1000) / Math.max(1, elapsed))} a second`;

const created = ({ create, topic, subscription }: PublishConfig): Observable<never> => {
  if (!create) return EMPTY;
  const topicCreated = defer(() => ensureTopic(topic));
  const subscriptionCreated = defer(() => (subscription === undefined ? EMPTY : ensureSubscription(subscription, topic)));
  return concat(topicCreated, subscriptionCreated).pipe(ignoreElements());
};

const counts = (events: PublishConfig['events'], publisher: Publisher): Observable<number> =>
  events._tag === 'File' ? recorded(events.path, publisher) : synthetic(events, publisher);

const synthetic = ({ product, seed, rate, duration }: PublishConfig['events'] & { readonly _tag: 'Synthetic' }, publisher: Publisher): Observable<number> => {
  const start = asyncScheduler.now();
  return paced({
    items: before(start + duration, traffic({ product, seed, rate, start })),
    at: ({ publishAt }) => publishAt,
    send: (due) => publisher.publish(due),
  });
};

function* before(end: Millis, publications: Iterable<Publication>): Generator<Publication> {
  for (const publication of publications) {
    if (publication.publishAt >= end) return;
    yield publication;
  }
}

/** Lines that are read and not published yet; one request takes a thousand. */
const MOST_WAITING = 2_000;

const recorded = (path: string, publisher: Publisher): Observable<number> => {
  const source = ndjsonSource({ path });
  return source.open({ stop$: NEVER, maxOutstandingMessages: MOST_WAITING }).pipe(
    concatMap((event) => {
      if (event._tag !== 'Delivered') return EMPTY;
      const { messages } = event;
      const sent = from(publisher.publish(messages.map(outgoing)));
      return concat(sent.pipe(ignoreElements()), source.ack(messages).pipe(map(() => messages.length)));
    }),
  );
};

const outgoing = ({ body, attributes, oversize, receipt }: Message) => {
  if (oversize !== undefined) throw new RangeError(`line ${receipt} has ${oversize} bytes, more than a message can hold`);
  return { data: body, attributes };
};
