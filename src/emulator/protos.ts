import { createRequire } from 'node:module';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON, loadSync, type Options } from '@grpc/proto-loader';

const OPTIONS: Options = { longs: Number, enums: String, defaults: true };

/** The service definitions that come with the Pub/Sub client. */
const pubsub = loadSync(createRequire(import.meta.url).resolve('@google-cloud/pubsub/build/protos/protos.json'), OPTIONS);

/** The error details of Google's APIs, as far as the emulator sends them. */
const rpc = fromJSON(
  {
    nested: {
      Status: {
        fields: { code: { type: 'int32', id: 1 }, message: { type: 'string', id: 2 }, details: { rule: 'repeated', type: 'Detail', id: 3 } },
      },
      Detail: { fields: { typeUrl: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
      ErrorInfo: {
        fields: { reason: { type: 'string', id: 1 }, domain: { type: 'string', id: 2 }, metadata: { rule: 'repeated', type: 'Entry', id: 3 } },
      },
      // On the wire a map is a list of such entries.
      Entry: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    },
  },
  OPTIONS,
);

export function service(name: 'Publisher' | 'Subscriber'): ServiceDefinition {
  const definition = pubsub[`google.pubsub.v1.${name}`];
  if (definition === undefined || 'format' in definition) throw new Error(`The Pub/Sub client ships no service ${name}`);
  return definition;
}

/** Encodes one message of `google.rpc`. */
export function encodeRpc(type: 'Status' | 'ErrorInfo', value: object): Buffer {
  const definition = rpc[type];
  if (definition === undefined || !('serialize' in definition) || typeof definition.serialize !== 'function') throw new Error(`No message ${type}`);
  return definition.serialize(value);
}
