import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, constants, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Certified } from './certificates.js';
import { portOf } from './connectProxy.js';

/** What Google shows to the outside: TLS, and credentials that are looked at; behind it stands an emulator. */
export interface GoogleFront {
  readonly port: number;
  /** Credentials of a service account, as their file has them. */
  readonly serviceAccount: object;
  /** Credentials of a user, which are first changed into a token at oauth2.googleapis.com. */
  readonly user: object;
  /** Calls that showed good credentials, by who showed them, and those that did not. */
  readonly calls: { serviceAccount: number; user: number; refused: number };
  close(): Promise<void>;
}

const TOKEN = 'ya29.of-the-specs';
const EMAIL = 'pages-viewed@p.iam.gserviceaccount.com';
const UNAUTHENTICATED = '16';

export async function googleFront(emulator: string, { certificate, key }: Certified): Promise<GoogleFront> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const calls = { serviceAccount: 0, user: 0, refused: 0 };

  /** Service accounts of Google's newer libraries sign their own tokens. */
  const isSigned = (token: string): boolean => {
    const [head = '', body = '', signature = ''] = token.split('.');
    return signature !== '' && verify('RSA-SHA256', Buffer.from(`${head}.${body}`), createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), Buffer.from(signature, 'base64url')) &&
      Buffer.from(body, 'base64url').toString().includes(EMAIL);
  };
  const admits = ({ authorization = '' }: IncomingHttpHeaders): boolean => {
    const token = authorization.replace(/^Bearer /, '');
    const who = token === TOKEN ? 'user' : isSigned(token) ? 'serviceAccount' : 'refused';
    calls[who] += 1;
    return who !== 'refused';
  };

  const upstream = connect(`http://${emulator}`);
  upstream.on('error', () => undefined);
  const forward = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    const call = upstream.request({ ...headers, ':scheme': 'http', ':authority': emulator });
    const trailers: IncomingHttpHeaders = {};
    call.on('response', (answer, flags) => stream.respond(answer, (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0 ? { waitForTrailers: true } : { endStream: true }));
    call.on('trailers', (it: IncomingHttpHeaders) => Object.assign(trailers, it));
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.on('error', () => stream.close());
    stream.on('error', () => call.close());
    stream.on('close', () => call.close());
    stream.pipe(call);
    call.pipe(stream);
  };

  const server = createSecureServer({ allowHTTP1: true, cert: readFileSync(certificate), key: readFileSync(key) });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('secureConnection', (socket: TLSSocket) => sessions.add(socket));
  server.on('request', (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: TOKEN, token_type: 'Bearer', expires_in: 3_600 }));
  });
  // That was for HTTP/1; of HTTP/2 it would take the trailers away.
  server.removeAllListeners('stream');
  server.on('stream', (stream, headers) => {
    if (admits(headers)) forward(stream, headers);
    else stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': UNAUTHENTICATED, 'grpc-message': 'who are you?' }, { endStream: true });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    serviceAccount: {
      type: 'service_account', project_id: 'p', private_key_id: 'k', client_email: EMAIL,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }), token_uri: 'https://oauth2.googleapis.com/token',
    },
    user: { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' },
    calls,
    async close() {
      upstream.destroy();
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
