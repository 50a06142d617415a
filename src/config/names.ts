import { choice, either, integer, text, type Kind } from './kind.js';

/** Kinds of names that more than one command knows. */

export const file = text('path', 'the path of a file', /^(?!-$).*\S/s);

/** `-` is stdin or stdout. */
export const fileOrStdio = text('path', 'the path of a file, or -');

const resource = (placeholder: string, collection: string) =>
  text(placeholder, `projects/PROJECT/${collection}/NAME`, new RegExp(`^projects/[^/\\s]+/${collection}/[^/\\s]+$`));

export const subscription = resource('subscription', 'subscriptions');
export const pubsubTopic = resource('topic', 'topics');

export const kafkaTopic = text('topic', 'a topic name of at most 249 letters, digits, dots, dashes and underscores', /^(?!\.{1,2}$)[\w.-]{1,249}$/);

/** See `recordsFrom`, which tells the two apart. */
export const topicOrFile = text('topic|path', 'the name of a topic or the path of a file', /^(?!\.{1,2}$)([\w.-]{1,249}|.*[/\\].*|.*\.(ndjson|jsonl|json))$/s);

/** Leaves room for what is put behind it in names of topics. */
export const jobName = text('name', 'a name of at most 200 letters, digits, dots, dashes and underscores', /^[\w.-]{1,200}$/);

export const brokerAddress = text('host:port', 'host:port', /^(\[[\da-fA-F:]+\]|[^\s:/,]+):\d{1,5}$/);

/** `off`: none. */
export const portOrOff: Kind<number | 'off'> = either(integer({ min: 0, max: 65_535 }), choice(['off']), '0 to 65535, or off');

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export const logLevel: Kind<LogLevel> = choice<LogLevel>(['debug', 'info', 'warn', 'error']);

/** A wrong port would be tried for ever. */
export const pubsubEndpoint = text('host[:port]', 'host or host:port, without https://', /^[^\s:/,]+(:\d{1,5})?$/);

export const httpUrl = text('url', 'a URL that begins with https:// or http://', /^https?:\/\/[^\s/]+(\/\S*)?$/);
