import { PubSub, v1, type CreateSubscriptionOptions, type protos, type Topic } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';

type StreamingPullRequest = protos.google.pubsub.v1.IStreamingPullRequest;
type StreamingPullResponse = protos.google.pubsub.v1.IStreamingPullResponse;

export interface Received {
  readonly ackId: string;
  readonly messageId: string;
  readonly text: string;
  readonly bytes: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly publishedAt: number;
  readonly attempt: number;
}

// Without it the client asks the network for Google's metadata server.
process.env['METADATA_SERVER_DETECTION'] = 'none';

/** The real client, connected to a server on this machine. */
export class Session {
  readonly project = 'p';
  readonly pubsub: PubSub;
  readonly publisher: v1.PublisherClient;
  readonly subscriber: v1.SubscriberClient;
  private readonly readers: Reader[] = [];
  private names = 0;

  /** @param patience how long to wait for what must come, ms */
  constructor(
    address: string,
    readonly patience = 20_000,
  ) {
    const [servicePath = '', port] = address.split(':');
    this.pubsub = new PubSub({ projectId: this.project, apiEndpoint: address, emulatorMode: true });
    const options = { servicePath, port: Number(port), sslCreds: credentials.createInsecure(), projectId: this.project };
    this.publisher = new v1.PublisherClient(options);
    this.subscriber = new v1.SubscriberClient(options);
  }

  /** A name not used before. */
  name(kind: string): string {
    return `${kind}-${process.pid}-${(this.names += 1)}`;
  }

  async topic(): Promise<Topic> {
    const [topic] = await this.pubsub.createTopic(this.name('topic'));
    return topic;
  }

  /** A new subscription's full name. */
  async subscribe(topic: Topic, options: CreateSubscriptionOptions = {}): Promise<string> {
    const [subscription] = await topic.createSubscription(this.name('subscription'), { ackDeadlineSeconds: 10, ...options });
    return subscription.name;
  }

  /** A new topic with a subscription. */
  async channel(options: CreateSubscriptionOptions = {}): Promise<{ readonly topic: Topic; readonly subscription: string }> {
    const topic = await this.topic();
    return { topic, subscription: await this.subscribe(topic, options) };
  }

  /** Opens a stream. */
  read(subscription: string, request: StreamingPullRequest = {}): Reader {
    const reader = new Reader(this.subscriber, this.patience, { subscription, streamAckDeadlineSeconds: 60, ...request });
    this.readers.push(reader);
    return reader;
  }

  /** One pull that does not wait. */
  async pull(subscription: string, maxMessages = 100): Promise<Received[]> {
    const [response] = await this.subscriber.pull({ subscription, maxMessages, returnImmediately: true });
    return received(response.receivedMessages);
  }

  async ack(subscription: string, ...messages: readonly Received[]): Promise<void> {
    await this.subscriber.acknowledge({ subscription, ackIds: messages.map((it) => it.ackId) });
  }

  async modifyDeadline(subscription: string, ackDeadlineSeconds: number, ...messages: readonly Received[]): Promise<void> {
    await this.subscriber.modifyAckDeadline({ subscription, ackDeadlineSeconds, ackIds: messages.map((it) => it.ackId) });
  }

  async nack(subscription: string, ...messages: readonly Received[]): Promise<void> {
    await this.modifyDeadline(subscription, 0, ...messages);
  }

  async close(): Promise<void> {
    for (const reader of this.readers) reader.cancel();
    await Promise.all([this.publisher.close(), this.subscriber.close(), this.pubsub.close()]);
  }
}

/** One stream and all that has come on it. */
export class Reader {
  readonly responses: StreamingPullResponse[] = [];
  /** The status code the stream ended with. */
  code: number | undefined;
  private readonly stream;

  constructor(
    client: v1.SubscriberClient,
    private readonly patience: number,
    request: StreamingPullRequest,
  ) {
    this.stream = client.streamingPull();
    this.stream.on('data', (response: StreamingPullResponse) => this.responses.push(response));
    this.stream.on('error', (error: { code?: number }) => {
      this.code ??= error.code;
    });
    this.write(request);
  }

  get messages(): Received[] {
    return this.responses.flatMap((it) => received(it.receivedMessages));
  }

  get texts(): string[] {
    return this.messages.map((it) => it.text);
  }

  write(request: StreamingPullRequest): void {
    this.stream.write(request);
  }

  cancel(): void {
    this.stream.cancel();
  }

  /** Everything that has come, once it is at least `count` messages. */
  async atLeast(count: number): Promise<Received[]> {
    return this.until(`${count} messages`, () => (this.messages.length >= count ? this.messages : undefined));
  }

  /** The first response for which `find` finds something, and what it finds. */
  async find<T>(what: string, find: (response: StreamingPullResponse) => T | null | undefined): Promise<T> {
    return this.until(what, () => this.responses.map(find).find((it) => it !== undefined && it !== null));
  }

  /** The code the stream ends with. */
  async end(): Promise<number> {
    return this.until('its end', () => this.code);
  }

  private async until<T>(what: string, look: () => T | undefined): Promise<T> {
    try {
      return await eventually(what, look, this.patience);
    } catch (cause) {
      throw new Error(`The stream has brought [${this.texts.slice(0, 20).join(' ')}] and its code is ${String(this.code)}`, { cause });
    }
  }
}

/** What `look` finds, as soon as it finds something. */
export async function eventually<T>(what: string, look: () => T | undefined, patience = 20_000): Promise<T> {
  const start = performance.now();
  while (performance.now() - start < patience) {
    const seen = look();
    if (seen !== undefined) return seen;
    await sleep(5);
  }
  throw new Error(`waited ${patience} ms in vain for ${what}`);
}

const received = (messages: readonly protos.google.pubsub.v1.IReceivedMessage[] | null | undefined): Received[] =>
  (messages ?? []).map(({ ackId, message, deliveryAttempt }) => ({
    ackId: ackId ?? '',
    messageId: message?.messageId ?? '',
    text: Buffer.from(message?.data ?? '').subarray(0, 100).toString(),
    bytes: message?.data?.length ?? 0,
    attributes: message?.attributes ?? {},
    publishedAt: Number(message?.publishTime?.seconds ?? 0),
    attempt: deliveryAttempt ?? 0,
  }));
