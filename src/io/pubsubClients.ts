import { PubSub, v1, type ClientConfig } from '@google-cloud/pubsub';
import { throughProxy } from './grpcProxy.js';

/** Where Pub/Sub is. */
export interface PubsubEndpoint {
  /** `host` or `host:port` of the service, spoken to with TLS and credentials. */
  readonly endpoint?: string | undefined;
  /** `host:port` of an emulator, without either. Default, if there is no `endpoint`: `PUBSUB_EMULATOR_HOST` if that is set, else the service itself. */
  readonly apiEndpoint?: string | undefined;
}

/** What the source asks of Google's generated client, one try each. */
export interface SubscriberCalls {
  acknowledge(request: { readonly subscription: string; readonly ackIds: string[] }, options: CallOptions): Promise<unknown>;
  modifyAckDeadline(request: { readonly subscription: string; readonly ackIds: string[]; readonly ackDeadlineSeconds: number }, options: CallOptions): Promise<unknown>;
  close(): Promise<void>;
}

interface CallOptions {
  /** In ms. */
  readonly timeout: number;
  readonly retry: null;
}

/**
 * On top of what the client sets (no limit on the size of messages, a keepalive ping, room for the
 * long trailers that name failed ack ids): HTTP/2's own window of 64 KB would allow 3 MB/s at a
 * round trip of 20 ms, and after an outage the channel would wait up to two minutes on its own.
 */
const CHANNEL = {
  'grpc-node.flow_control_window': 8 * 1024 * 1024,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
};

/** A client for topics and subscriptions of the resource's project. */
export const pubsubClient = (resource: string, { endpoint, apiEndpoint }: PubsubEndpoint): PubSub => {
  const place: ClientConfig = endpoint === undefined ? { ...(apiEndpoint !== undefined && { apiEndpoint }) } : { apiEndpoint: /:\d+$/.test(endpoint) ? endpoint : `${endpoint}:443`, emulatorMode: false };
  const config: ClientConfig = { ...CHANNEL, projectId: projectOf(resource), ...place };
  const client = new PubSub(config);
  // Else the client looks for credentials on a metadata server that is not there.
  if (client.isEmulator) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  Object.assign(client.options, throughProxy(client.options.servicePath ?? SERVICE, process.env));
  return client;
};

const SERVICE = 'pubsub.googleapis.com';

/** The generated client, for reading. */
export const subscriberClient = async (subscription: string, endpoint: PubsubEndpoint): Promise<v1.SubscriberClient> => {
  const { port, ...config } = await pubsubClient(subscription, endpoint).getClientConfig();
  return new v1.SubscriberClient({ ...config, ...(port !== undefined && { port: Number(port) }) });
};

const projectOf = (resource: string): string => {
  const project = /^projects\/([^/]+)\/(topics|subscriptions)\/[^/]+$/.exec(resource)?.[1];
  if (project === undefined) throw new RangeError(`"${resource}" is not a name of the form projects/P/topics/T or projects/P/subscriptions/S`);
  return project;
};
