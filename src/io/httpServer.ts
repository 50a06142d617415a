import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { Observable, fromEvent, takeUntil } from 'rxjs';

/** What a route answers. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Route =
  /** An answer that is made when it is asked for. */
  | { readonly _tag: 'Answer'; readonly isForBrowsers: boolean; readonly answer: (query: URLSearchParams) => Reply | Promise<Reply> }
  /** Server-sent events, for as long as somebody listens; whoever still does when the server ends is told the last one. */
  | { readonly _tag: 'Events'; readonly events$: Observable<string>; readonly last: () => string };

export interface HttpServerOptions {
  /** Address or name to listen on. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Where the port is taken a free one will do. */
  readonly isAnyPort: boolean;
  /** By path. */
  readonly routes: ReadonlyMap<string, Route>;
  /** An answer could not be made. */
  readonly onFailure: (path: string, error: unknown) => void;
}

/** The port cannot be listened on. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
  readonly fatal = true;
}

/** Listeners beyond that are sent away: each costs what a page costs. */
const MOST_LISTENERS = 50;
/** Whoever reads more slowly than that misses events. */
const MOST_BYTES_BEHIND = 1024 * 1024;

/** Nothing from elsewhere, nothing inline, in no frame. */
const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/**
 * A server for a few routes, to be read and nothing else: GET and HEAD. Emits its address once it
 * listens, and serves until it is unsubscribed.
 *
 * *Back pressure*: a listener of events that reads too slowly misses some; there are at most fifty.
 *
 * *Delivery guarantee*: none; whoever asks again gets what is true then.
 *
 * *On failure*: an answer that cannot be made is a 500 and told to `onFailure`. A port that is taken is a
 * {@link CannotListen}, unless another one will do. Nothing that a client does ends it.
 *
 * What is for browsers (pages, events) is served only under an address, `localhost` or the name of
 * `host`: else any page that a user visits could have its own name lead here and read along. Probes and
 * scrapers come under any name.
 */
export const httpServer = ({ host, port, isAnyPort, routes, onFailure }: HttpServerOptions): Observable<URL> =>
  new Observable((out) => {
    const listeners = new Map<ServerResponse, () => string>();
    const reply = (response: ServerResponse, { status, type, body, headers = {} }: Reply): void => {
      response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body), ...headers });
      response.end(response.req.method === 'HEAD' ? undefined : body);
    };
    const refuse = (response: ServerResponse, status: number, why: string, headers = {}): void => reply(response, { status, type: TEXT, body: `${why}\n`, headers });

    const sendEvents = async (response: ServerResponse, { events$, last }: Extract<Route, { readonly _tag: 'Events' }>): Promise<void> => {
      if (listeners.size >= MOST_LISTENERS) {
        refuse(response, 503, `${MOST_LISTENERS} listen already`);
        return;
      }
      response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
      if (response.req.method === 'HEAD') {
        response.end();
        return;
      }
      // Else a listener would not know that it is heard before the first event.
      response.flushHeaders();
      listeners.set(response, last);
      try {
        await events$.pipe(takeUntil(fromEvent(response, 'close'))).forEach((event) => {
          if (response.writableLength < MOST_BYTES_BEHIND) response.write(eventText(event));
        });
      } finally {
        listeners.delete(response);
        response.end();
      }
    };

    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const url = URL.canParse(request.url ?? '', 'http://localhost') ? new URL(request.url ?? '', 'http://localhost') : undefined;
      const route = url && routes.get(url.pathname);
      if (!route) {
        refuse(response, url ? 404 : 400, url ? `there is nothing here; there is ${[...routes.keys()].join(', ')}` : 'that is no path');
      } else if (request.method !== 'GET' && request.method !== 'HEAD') {
        refuse(response, 405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
      } else if ((route._tag === 'Events' || route.isForBrowsers) && !isOwnName(request.headers.host, host)) {
        refuse(response, 421, 'this is served under an address, as localhost, or under the name of --host');
      } else if (route._tag === 'Events') {
        await sendEvents(response, route);
      } else reply(response, await route.answer(url.searchParams));
    };

    const server = createServer((request, response) => {
      serve(request, response).catch((error: unknown) => {
        onFailure(request.url?.replace(/\?.*/, '') ?? '', error);
        if (response.headersSent) response.destroy();
        else refuse(response, 500, 'that could not be answered; the log says why');
      });
    });
    let wanted = port;
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && isAnyPort && wanted !== 0) {
        wanted = 0;
        server.listen(wanted, host);
      } else if (!server.listening) {
        out.error(new CannotListen(`cannot listen on ${host}:${port}: ${error.code === 'EADDRINUSE' ? 'the port is taken' : error.message}; another --port or --host will do, and --port off serves nothing`));
      }
    });
    server.on('listening', () => out.next(urlOf(server.address(), host)));
    server.listen(wanted, host);
    return () => {
      for (const [response, last] of listeners) response.end(eventText(last()));
      server.close();
      server.closeAllConnections();
    };
  });

const eventText = (event: string): string => `data: ${event}\n\n`;

export const TEXT = 'text/plain; charset=utf-8';

/** What to open in a browser: of all addresses the one of this machine. */
const urlOf = (address: AddressInfo | string | null, host: string): URL => {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : isIP(host) === 6 ? `[${host}]` : host;
  return new URL(`http://${shown}:${typeof address === 'object' ? (address?.port ?? 0) : 0}/`);
};

const isOwnName = (header: string | undefined, host: string): boolean => {
  const name = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(header ?? '')?.[1]?.toLowerCase() ?? '';
  return name === 'localhost' || name === host.toLowerCase() || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
};
