import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** An HTTP proxy as companies have one between themselves and the internet: whoever wants out says CONNECT. */
export interface ConnectProxy {
  /** `http://user:password@host:port`. */
  readonly url: string;
  /** `host:port` of each CONNECT that it let pass, in order. */
  passed(): readonly string[];
  close(): Promise<void>;
}

/** Lets nobody out who does not say `user:password`; whatever host is asked for, the connection goes to `port` of this machine. */
export async function connectProxy(port: number, credentials = 'someone:secret'): Promise<ConnectProxy> {
  const passed: string[] = [];
  const sockets = new Set<Socket>();
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.on('connect', (request, client, head) => {
    if (request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    passed.push(request.url ?? '');
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://${credentials}@127.0.0.1:${portOf(server.address())}`,
    passed: () => passed,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('a server listens on a port');
  return address.port;
};
