/** The parts of kafkajs's insides that kafkaIdle.ts and kafkaProduce.ts mend. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export default class RequestQueue {
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    readonly buffer: Buffer;
    writeString(value: string | null | undefined): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeBuffer(value: Buffer): this;
  }
}

declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  import type Encoder from 'kafkajs/src/protocol/encoder.js';

  export interface ProducedRecord {
    readonly key?: string | Buffer | null | undefined;
    readonly value: string | Buffer | null;
    readonly headers?: Readonly<Record<string, string | Buffer>> | undefined;
    readonly timestamp?: string | number | null | undefined;
  }

  export interface ProduceArguments {
    readonly acks: number;
    readonly timeout: number;
    readonly compression: number;
    readonly transactionalId?: string | null | undefined;
    /** -1: the producer has none. */
    readonly producerId: string | number;
    readonly producerEpoch: number;
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly firstSequence: number; readonly messages: readonly ProducedRecord[] }[];
    }[];
  }

  interface Call {
    readonly request: { readonly encode: () => Promise<Encoder> };
    readonly response: unknown;
  }

  const produce: { protocol: (which: { readonly version: number }) => (args: ProduceArguments) => Call };
  export default produce;
}
