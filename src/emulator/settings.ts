import type { DeliveryRules } from './backlog.js';
import { invalid, unsupported } from './refusal.js';
import type { Duration, PubsubMessage, Subscription, Topic } from './wire.js';

const ID = /^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

/** Refuses names the service would refuse. Source: "Guidelines to name a topic or subscription" of its documentation. */
export function checkName(kind: 'topics' | 'subscriptions', name: string): void {
  const [projects, project, collection, id, ...rest] = name.split('/');
  if (projects !== 'projects' || !project || collection !== kind || id === undefined || rest.length > 0) {
    throw invalid(`Invalid [${kind}] name: (name=${name}); it has the form projects/{project}/${kind}/{id}.`);
  }
  if (!ID.test(id) || id.startsWith('goog')) {
    throw invalid(`Invalid [${kind}] name: (name=${name}); an id starts with a letter, has 3 to 255 of letters, digits and -._~+% and does not start with "goog".`);
  }
}

/** Topic settings that would change what subscribers get are refused, not ignored. */
export function checkTopic(topic: Topic): void {
  checkName('topics', topic.name);
  if (topic.schemaSettings) throw unsupported('A topic schema');
  if (topic.ingestionDataSourceSettings) throw unsupported('Ingestion from a data source');
  if (topic.messageTransforms.length > 0) throw unsupported('A message transform');
}

/** Refuses what the service would refuse or the emulator cannot do; fills in the service's defaults. */
export function checkSubscription(given: Subscription): Subscription {
  checkName('subscriptions', given.name);
  if (given.enableMessageOrdering) throw unsupported('Message ordering');
  if (given.filter !== '') throw unsupported('A subscription filter');
  if (given.pushConfig && given.pushConfig.pushEndpoint !== '') throw unsupported('Push delivery');
  if (given.bigqueryConfig ?? given.cloudStorageConfig ?? given.bigtableConfig) throw unsupported('Export to BigQuery, Cloud Storage or Bigtable');
  if (given.messageTransforms.length > 0) throw unsupported('A message transform');
  if (given.retainAckedMessages) throw unsupported('Retaining acked messages');

  const ackDeadlineSeconds = given.ackDeadlineSeconds === 0 ? 10 : given.ackDeadlineSeconds;
  checkRange('ack_deadline_seconds', ackDeadlineSeconds, 10, 600);
  const { deadLetterPolicy: dead, retryPolicy: retry } = given;
  const deadLetterPolicy = dead && { ...dead, maxDeliveryAttempts: dead.maxDeliveryAttempts === 0 ? 5 : dead.maxDeliveryAttempts };
  if (deadLetterPolicy) checkRange('dead_letter_policy.max_delivery_attempts', deadLetterPolicy.maxDeliveryAttempts, 5, 100);
  const retryPolicy = retry && {
    minimumBackoff: retry.minimumBackoff ?? { seconds: 10, nanos: 0 },
    maximumBackoff: retry.maximumBackoff ?? { seconds: 600, nanos: 0 },
  };
  if (retryPolicy) {
    checkRange('retry_policy.minimum_backoff', millis(retryPolicy.minimumBackoff) / 1000, 0, 600);
    checkRange('retry_policy.maximum_backoff', millis(retryPolicy.maximumBackoff) / 1000, 0, 600);
    if (millis(retryPolicy.minimumBackoff) > millis(retryPolicy.maximumBackoff)) {
      throw invalid('retry_policy.minimum_backoff must not be greater than retry_policy.maximum_backoff.');
    }
  }
  return { ...given, ackDeadlineSeconds, deadLetterPolicy, retryPolicy };
}

/** What checked settings mean for deliveries. */
export function deliveryRules({ enableExactlyOnceDelivery, retryPolicy, deadLetterPolicy }: Subscription): DeliveryRules {
  return {
    exactlyOnce: enableExactlyOnceDelivery,
    retry: retryPolicy ? { minimum: millis(retryPolicy.minimumBackoff), maximum: millis(retryPolicy.maximumBackoff) } : undefined,
    maxDeliveryAttempts: deadLetterPolicy?.maxDeliveryAttempts,
  };
}

/** Updatable settings by the name an update mask gives them. */
const UPDATABLE = {
  ack_deadline_seconds: 'ackDeadlineSeconds',
  dead_letter_policy: 'deadLetterPolicy',
  enable_exactly_once_delivery: 'enableExactlyOnceDelivery',
  expiration_policy: 'expirationPolicy',
  filter: 'filter',
  labels: 'labels',
  message_retention_duration: 'messageRetentionDuration',
  push_config: 'pushConfig',
  retain_acked_messages: 'retainAckedMessages',
  retry_policy: 'retryPolicy',
} as const;

const isUpdatable = (path: string): path is keyof typeof UPDATABLE => Object.hasOwn(UPDATABLE, path);

/** The settings with those named by the mask taken from `given`. */
export function updated(settings: Subscription, given: Subscription, mask: readonly string[]): Subscription {
  if (mask.length === 0) throw invalid('The update_mask must name at least one field.');
  const merged = mask.reduce<Subscription>((changed, path) => {
    if (!isUpdatable(path)) throw invalid(`Invalid update_mask provided: ${path} is no field that can be updated.`);
    return { ...changed, [UPDATABLE[path]]: given[UPDATABLE[path]] };
  }, settings);
  return checkSubscription(merged);
}

/** An ack deadline of a request, in ms. */
export function ackDeadline(seconds: number, minimum: 0 | 10): number {
  checkRange('The ack deadline', seconds, minimum, 600);
  return seconds * 1000;
}

function checkRange(what: string, seconds: number, from: number, to: number): void {
  if (!(seconds >= from && seconds <= to)) throw invalid(`${what} must be between ${from} and ${to}, got ${seconds}.`);
}

const millis = (duration: Duration | null): number => (duration ? duration.seconds * 1000 + duration.nanos / 1e6 : 0);

/** What a message forwarded to a dead-letter topic tells of its origin, as the service writes it. */
export function deadLetterAttributes(subscription: string, { publishTime }: PubsubMessage, attempts: number): Record<string, string> {
  const [, project = '', , id = ''] = subscription.split('/');
  return {
    CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
    CloudPubSubDeadLetterSourceSubscription: id,
    CloudPubSubDeadLetterSourceSubscriptionProject: project,
    CloudPubSubDeadLetterSourceTopicPublishTime: new Date(millis(publishTime)).toISOString().replace('Z', '+00:00'),
  };
}
