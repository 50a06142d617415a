import { Backlog } from './backlog.js';
import { Disturbance } from './disturbance.js';
import { alreadyExists, invalid, notFound } from './refusal.js';
import { checkSubscription, checkTopic, deadLetterAttributes, deliveryRules, updated } from './settings.js';
import type { Draft, PubsubMessage, Subscription, Topic } from './wire.js';

/** A subscription and what it holds. */
export interface Subscribed {
  settings: Subscription;
  readonly backlog: Backlog;
  disturbance: Disturbance;
}

/** The service's limits on one publish request. */
const MAX_PUBLISH_MESSAGES = 1000;
const MAX_PUBLISH_BYTES = 10 * 1024 * 1024;

const DELETED_TOPIC = '_deleted-topic_';

/**
 * Topics, subscriptions and the way of a message from one to the other. Reads no clock: `now` is
 * ms since the epoch and must not go back. Requests that cannot be done throw a `Refusal`.
 */
export class Broker {
  private readonly topics = new Map<string, Topic>();
  private readonly subscriptions = new Map<string, Subscribed>();
  private created = 0;
  private lastMessageId: number;

  /**
   * @param startedAt ms since the epoch; message ids start from it, so that no later emulator repeats them
   * @param onMessages told of a subscription that has got new messages
   */
  constructor(
    startedAt: number,
    private readonly onMessages: (subscription: Subscribed) => void,
  ) {
    this.lastMessageId = Math.floor(startedAt) * 1000;
  }

  createTopic(topic: Topic): Topic {
    checkTopic(topic);
    if (this.topics.has(topic.name)) throw alreadyExists(topic.name);
    this.topics.set(topic.name, topic);
    return topic;
  }

  topic(name: string): Topic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw notFound(name);
    return topic;
  }

  /** By name. */
  topicsOf(project: string): Topic[] {
    return inProject(project, this.topics.values(), (it) => it.name);
  }

  /** Its subscriptions stay, and get nothing more. */
  deleteTopic(name: string): void {
    this.topic(name);
    this.topics.delete(name);
    for (const it of this.subscribers(name)) it.settings = { ...it.settings, topic: DELETED_TOPIC };
  }

  /** Names of the topic's subscriptions. */
  subscriptionsTo(topic: string): string[] {
    this.topic(topic);
    return this.subscribers(topic).map((it) => it.settings.name).sort();
  }

  createSubscription(given: Subscription): Subscription {
    const settings = checkSubscription(given);
    const { name, topic } = settings;
    if (this.subscriptions.has(name)) throw alreadyExists(name);
    this.topic(topic);
    this.checkDeadLetterTopic(settings);
    const subscribed: Subscribed = {
      settings,
      backlog: new Backlog((this.created += 1), deliveryRules(settings), (message, attempts, now) => this.forward(subscribed, message, attempts, now)),
      disturbance: new Disturbance({}),
    };
    this.subscriptions.set(name, subscribed);
    return settings;
  }

  subscription(name: string): Subscribed {
    const subscribed = this.subscriptions.get(name);
    if (subscribed === undefined) throw notFound(name);
    return subscribed;
  }

  updateSubscription(given: Subscription, mask: readonly string[]): Subscription {
    const subscribed = this.subscription(given.name);
    const settings = updated(subscribed.settings, given, mask);
    this.checkDeadLetterTopic(settings);
    subscribed.settings = settings;
    subscribed.backlog.rules = deliveryRules(settings);
    return settings;
  }

  /** By name. */
  subscriptionsOf(project: string): Subscription[] {
    return inProject(project, [...this.subscriptions.values()].map((it) => it.settings), (it) => it.name);
  }

  deleteSubscription(name: string): Subscribed {
    const subscribed = this.subscription(name);
    this.subscriptions.delete(name);
    return subscribed;
  }

  /** The ids of the messages, in their order. */
  publish(topic: string, drafts: readonly Draft[], now: number): string[] {
    this.topic(topic);
    if (drafts.length === 0) throw invalid('A publish request must contain at least one message.');
    if (drafts.length > MAX_PUBLISH_MESSAGES) {
      throw invalid(`The value for message_count is too large. You passed ${drafts.length} in the request, but the maximum value is ${MAX_PUBLISH_MESSAGES}.`);
    }
    const sizes = drafts.map(size);
    if (sizes.includes(0)) throw invalid('Some messages in the batch were empty; each message must contain either non-empty data, or at least one attribute.');
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    if (total > MAX_PUBLISH_BYTES) throw invalid(`Request payload size exceeds the limit: ${MAX_PUBLISH_BYTES} bytes, got ${total}.`);

    return this.distribute(topic, drafts, sizes, now);
  }

  private distribute(topic: string, drafts: readonly Draft[], sizes: readonly number[], now: number): string[] {
    const publishTime = { seconds: Math.floor(now / 1000), nanos: Math.floor((now % 1000) * 1000) * 1000 };
    const subscribers = this.subscribers(topic);
    const ids = drafts.map(({ data, attributes, orderingKey }, index) => {
      const messageId = String((this.lastMessageId += 1));
      const message: PubsubMessage = { data, attributes, messageId, publishTime, orderingKey };
      for (const { backlog, disturbance } of subscribers) {
        for (const delay of disturbance.delays()) backlog.offer(message, sizes[index] ?? 0, now, now + delay);
      }
      return messageId;
    });
    subscribers.forEach(this.onMessages);
    return ids;
  }

  private forward({ settings }: Subscribed, message: PubsubMessage, attempts: number, now: number): boolean {
    const topic = settings.deadLetterPolicy?.deadLetterTopic ?? '';
    if (!this.topics.has(topic)) return false;
    const attributes = { ...message.attributes, ...deadLetterAttributes(settings.name, message, attempts) };
    const draft: Draft = { data: message.data, attributes, orderingKey: message.orderingKey };
    this.distribute(topic, [draft], [size(draft)], now);
    return true;
  }

  private checkDeadLetterTopic({ deadLetterPolicy }: Subscription): void {
    if (deadLetterPolicy) this.topic(deadLetterPolicy.deadLetterTopic);
  }

  private subscribers(topic: string): Subscribed[] {
    return [...this.subscriptions.values()].filter((it) => it.settings.topic === topic);
  }
}

const size = ({ data, attributes }: Draft): number =>
  Object.entries(attributes).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), data.length);

function inProject<T>(project: string, all: Iterable<T>, name: (it: T) => string): T[] {
  return [...all].filter((it) => name(it).startsWith(`${project}/`)).sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
