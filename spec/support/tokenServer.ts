import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { portOf } from './connectProxy.js';

/** An OAuth 2 server for client credentials, whose tokens a Kafka broker can verify. */
export interface TokenServer {
  readonly tokenUrl: string;
  /** Where brokers find the key that tokens are verified with. */
  readonly keysUrl: string;
  /** How many tokens it has given. */
  given(): number;
  /** Seconds that tokens live from now on. */
  liveFor(seconds: number): void;
  close(): Promise<void>;
}

export async function tokenServer(client: { readonly id: string; readonly secret: string; readonly scope: string }): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] };
  const credentials = `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64')}`;
  let given = 0;
  let life = 3_600;

  const tokenOf = (): string => {
    const now = Math.floor(Date.now() / 1_000);
    const text = [{ alg: 'RS256', typ: 'JWT', kid: 'k' }, { sub: client.id, scope: client.scope, iat: now, exp: now + life + 1, jti: String(given) }]
      .map((it) => Buffer.from(JSON.stringify(it)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
  const answerTo = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    if (request.url === '/keys') return [200, keys];
    const form = new URLSearchParams(await textOf(request));
    const isRight = request.headers.authorization === credentials && form.get('grant_type') === 'client_credentials' && form.get('scope') === client.scope;
    if (request.method !== 'POST' || !isRight) return [401, { error: 'invalid_client' }];
    given += 1;
    return [200, { access_token: tokenOf(), token_type: 'Bearer', expires_in: life }];
  };
  const server = createServer((request, response) => {
    void answerTo(request).then(([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${portOf(server.address())}`;
  return {
    tokenUrl: `${origin}/token`,
    keysUrl: `${origin}/keys`,
    given: () => given,
    liveFor: (seconds) => (life = seconds),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const part of request) body += String(part);
  return body;
};
