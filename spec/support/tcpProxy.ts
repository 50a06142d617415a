import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What becomes of something that a client sends: it passes; or it is lost with all that follows on its
 * connection; or it passes, and what the server says on the connection from then on is lost.
 */
export type Fate = 'passes' | 'lost' | 'unanswered';

/** Cuts what comes on one connection into what is looked at as a whole. */
export type Cutter = (arrived: Buffer) => readonly Buffer[];

/** A line between clients and a server of this machine that can be disturbed. */
export interface TcpProxy {
  /** `host:port` for the clients. */
  readonly address: string;
  /** Where connections go from now on; until it is called they are refused. */
  forwardTo(port: number): void;
  /** Decides from now on about everything that clients send. */
  judge(fateOf: (sent: Buffer) => Fate): void;
  /** What the server says on a connection is lost from the moment at which a client sends something of which this holds. */
  swallowAnswersTo(isIt: (sent: Buffer) => boolean): void;
  /** Holds everything, in both directions. */
  pause(): void;
  /** Ends a pause and the judging; connections that have lost something are cut. */
  resume(): void;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  fate: Fate;
}

/** `cutter` makes one for each connection. Default: what is looked at is what happens to arrive together. */
export async function tcpProxy(cutter: () => Cutter = () => (arrived) => [arrived]): Promise<TcpProxy> {
  const lines = new Set<Line>();
  let target: number | undefined;
  let paused = false;
  let fateOf: (sent: Buffer) => Fate = () => 'passes';

  const proxy = createServer((client) => {
    if (target === undefined) {
      client.destroy();
      return;
    }
    const line: Line = { client, server: connect(target, '127.0.0.1'), fate: 'passes' };
    const { server } = line;
    const cut = cutter();
    lines.add(line);
    const end = (): void => {
      lines.delete(line);
      client.destroy();
      server.destroy();
    };
    client.on('data', (arrived) => {
      for (const sent of cut(arrived)) {
        if (line.fate === 'passes') line.fate = fateOf(sent);
        if (line.fate !== 'lost') server.write(sent);
      }
    });
    server.on('data', (answer) => {
      if (line.fate === 'passes') client.write(answer);
    });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
      if (paused) socket.pause();
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = portOf(proxy.address());

  const cut = (which: (line: Line) => boolean): void => {
    for (const line of lines) if (which(line)) line.client.destroy();
  };
  const sockets = (): Socket[] => [...lines].flatMap(({ client, server }) => [client, server]);
  return {
    address: `127.0.0.1:${port}`,
    forwardTo(it) {
      target = it;
    },
    judge(it) {
      fateOf = it;
    },
    swallowAnswersTo(isIt) {
      fateOf = (sent) => (isIt(sent) ? 'unanswered' : 'passes');
    },
    pause() {
      paused = true;
      for (const socket of sockets()) socket.pause();
    },
    resume() {
      paused = false;
      fateOf = () => 'passes';
      cut(({ fate }) => fate !== 'passes');
      for (const socket of sockets()) socket.resume();
    },
    cut: () => cut(() => true),
    async close() {
      proxy.close();
      cut(() => true);
      await once(proxy, 'close');
    },
  };
}

const portOf = (address: AddressInfo | string | null): AddressInfo => {
  if (address === null || typeof address === 'string') throw new Error('a proxy listens on a port');
  return address;
};
