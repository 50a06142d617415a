import { Gaxios, GaxiosError } from 'gaxios';
import * as t from 'io-ts';
import type { Millis } from '../../operators/index.js';
import { KafkaError } from './kafkaError.js';
import { RENEWED_BEFORE_END } from './kafkaSession.js';

export interface OauthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

interface Token {
  readonly value: string;
  readonly usableFor: Millis;
}

const Answer = t.intersection([t.type({ access_token: t.string }), t.partial({ expires_in: t.number })]);

const PATIENCE: Millis = 10_000;

/** Of a token's life; and it is not used when it has no more than so long to live, since a session that is to end so soon is renewed at once. */
const USED_FOR = 0.8;
const LEFT_TO_LIVE: Millis = 3 * RENEWED_BEFORE_END;

/** Seconds; OAuth leaves it open how long a token lives of which nothing is said. */
const LIFE_UNSAID = 60;

/**
 * Tokens for a client id and its secret (OAuth 2.0, client credentials, RFC 6749 section 4.4). A token serves
 * all connections until most of its life is over; those that ask meanwhile share one request. Proxies
 * are used as for Google's APIs (`HTTPS_PROXY`, `NO_PROXY`).
 *
 * Errors: a `KafkaError`, fatal where the server refuses the client.
 */
export const oauthTokens = (client: OauthClient): (() => Promise<{ readonly value: string }>) => {
  let token: Promise<Token> | undefined;
  /** By the monotonic clock. While it is on its way nobody asks for another. */
  let renewAt: Millis = Infinity;
  const asked = async (): Promise<Token> => {
    renewAt = Infinity;
    try {
      const given = await request(client);
      renewAt = performance.now() + given.usableFor;
      return given;
    } catch (refusal) {
      token = undefined;
      throw refusal;
    }
  };
  return async () => {
    if (token === undefined || performance.now() >= renewAt) token = asked();
    const { value } = await token;
    return { value };
  };
};

const request = async ({ tokenUrl, clientId, clientSecret, scope }: OauthClient): Promise<Token> => {
  const refused = (answer: string, fatal: boolean, cause?: unknown): KafkaError =>
    new KafkaError(`kafka_token_url: ${tokenUrl} gives client ${clientId} no token: ${answer}`, { fatal, cause });
  try {
    const { data } = await new Gaxios().request<unknown>({
      url: tokenUrl,
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}` },
      data: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }),
      responseType: 'json',
      timeout: PATIENCE,
    });
    if (!Answer.is(data)) throw refused('its answer has no access_token', true);
    const life = (data.expires_in ?? LIFE_UNSAID) * 1_000;
    return { value: data.access_token, usableFor: Math.min(life * USED_FOR, life - LEFT_TO_LIVE) };
  } catch (thrown) {
    if (thrown instanceof KafkaError) throw thrown;
    const status = thrown instanceof GaxiosError ? thrown.status : undefined;
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    throw refused(words, status === 400 || status === 401 || status === 403, thrown);
  }
};
