import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { NEVER, Subject, firstValueFrom, type Subscription } from 'rxjs';
import { CannotListen, httpServer, type HttpServerOptions, type Route } from '../../src/io/httpServer.js';

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const answer = (body: string, isForBrowsers = false): Route => ({ _tag: 'Answer', isForBrowsers, answer: () => ({ status: 200, type: 'text/plain', body }) });

describe('httpServer', () => {
  const events$ = new Subject<string>();
  const failures: unknown[] = [];
  const running: Subscription[] = [];
  const routes = new Map<string, Route>([
    ['/probe', answer('alive')],
    ['/page', answer('a page', true)],
    ['/echo', { _tag: 'Answer', isForBrowsers: false, answer: (query) => ({ status: 200, type: 'text/plain', body: query.get('id') ?? 'nothing' }) }],
    ['/broken', { _tag: 'Answer', isForBrowsers: false, answer: () => { throw new Error('no answer'); } }],
    ['/events', { _tag: 'Events', events$, last: () => 'the end' }],
  ]);

  const started = (options: Partial<HttpServerOptions> = {}): Promise<URL> =>
    new Promise((resolve, reject) => {
      const server$ = httpServer({ host: '127.0.0.1', port: 0, isAnyPort: false, routes, onFailure: (path, error) => failures.push([path, error]), ...options });
      running.push(server$.subscribe({ next: resolve, error: reject }));
    });
  const asked = async (url: URL, path: string, { method = 'GET', host = url.host } = {}): Promise<Answered> => {
    const call = request({ host: url.hostname.replace(/[[\]]/g, ''), port: url.port, path, method, headers: { host } });
    call.end();
    const response: AsyncIterable<Buffer> & { statusCode?: number; headers: IncomingHttpHeaders } = await new Promise((resolve, reject) => call.once('response', resolve).once('error', reject));
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  };

  afterEach(() => {
    for (const it of running.splice(0)) it.unsubscribe();
    failures.length = 0;
  });

  test('answers GET, and HEAD without a body', async () => {
    const url = await started();
    expect(await asked(url, '/probe')).toMatchObject({ status: 200, body: 'alive' });
    expect(await asked(url, '/probe', { method: 'HEAD' })).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } });
    expect(await asked(url, '/echo?id=a%20b')).toMatchObject({ body: 'a b' });
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused: there is nothing to be written', async (method) => {
    expect(await asked(await started(), '/probe', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test('a path that leads nowhere is told what there is', async () => {
    expect(await asked(await started(), '/metrcs')).toMatchObject({ status: 404, body: 'there is nothing here; there is /probe, /page, /echo, /broken, /events\n' });
  });

  test('a path that is none is a bad request', async () => {
    const url = await started();
    const socket = connect(Number(url.port), url.hostname);
    socket.write('GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const [answered]: Buffer[] = await once(socket, 'data');
    socket.destroy();
    expect(String(answered)).toMatch(/^HTTP\/1.1 400 /);
  });

  test('every answer, also a refusal, forbids what a page of ours does not need', async () => {
    const url = await started();
    for (const path of ['/page', '/nowhere']) {
      const { headers } = await asked(url, path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'$/);
    }
  });

  test.each([
    { host: 'localhost:8080', status: 200 },
    { host: '127.0.0.1', status: 200 },
    { host: '10.1.2.3:80', status: 200 },
    { host: '[::1]:8080', status: 200 },
    { host: 'LOCALHOST', status: 200 },
    { host: 'rebound.example', status: 421 },
    { host: 'localhost.rebound.example:8080', status: 421 },
    { host: '127.0.0.1.rebound.example', status: 421 },
  ])('under the name "$host" a page is answered with $status, and a probe with 200', async ({ host, status }) => {
    const url = await started();
    expect(await asked(url, '/page', { host })).toMatchObject({ status });
    expect(await asked(url, '/probe', { host })).toMatchObject({ status: 200 });
  });

  test('the name that it was told to listen on is its own', async () => {
    const url = await started({ host: 'localhost' });
    expect(await asked(url, '/page', { host: `localhost:${url.port}` })).toMatchObject({ status: 200 });
  });

  test('events come as they happen, to all who listen, and leave nobody behind', async () => {
    const url = await started();
    const listeners = await Promise.all([fetch(new URL('/events', url)), fetch(new URL('/events', url))]);
    expect(listeners[0].headers.get('content-type')).toBe('text/event-stream');
    const readers = listeners.map(({ body }) => body!.pipeThrough(new TextDecoderStream()).getReader());
    events$.next('{"n":1}');
    expect(await Promise.all(readers.map((it) => it.read()))).toMatchObject([{ value: 'data: {"n":1}\n\n' }, { value: 'data: {"n":1}\n\n' }]);
    await Promise.all(readers.map((it) => it.cancel()));
    await until(() => !events$.observed);
  });

  test('events that nobody may read are not begun', async () => {
    const url = await started();
    expect(await asked(url, '/events', { host: 'rebound.example' })).toMatchObject({ status: 421 });
    expect(await asked(url, '/events', { method: 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(events$.observed).toBe(false);
  });

  test('an answer that cannot be made is a 500 without its reason, which is told elsewhere', async () => {
    expect(await asked(await started(), '/broken?id=secret')).toMatchObject({ status: 500, body: 'that could not be answered; the log says why\n' });
    expect(failures).toEqual([['/broken', new Error('no answer')]]);
  });

  describe('a port that is taken', () => {
    const other = createServer();
    let port: number;
    beforeAll(async () => {
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address: AddressInfo | string | null = other.address();
      port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    });
    afterAll(() => other.close());

    test('is an error that says what to do', async () => {
      await expect(started({ port })).rejects.toThrow(new CannotListen(`cannot listen on 127.0.0.1:${port}: the port is taken; another --port or --host will do, and --port off serves nothing`));
    });

    test('is left to the other, where a free one will do', async () => {
      const url = await started({ port, isAnyPort: true });
      expect(Number(url.port)).not.toBe(port);
      expect(await asked(url, '/probe')).toMatchObject({ status: 200 });
    });
  });

  test('an address that is not this machine\'s is an error', async () => {
    await expect(started({ host: '192.0.2.1' })).rejects.toThrow(/^cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/);
  });

  test('of all addresses it names the one to open here', async () => {
    expect((await started({ host: '0.0.0.0' })).hostname).toBe('127.0.0.1');
  });

  test('nothing is served after the end, and those who listened are let go with a last event', async () => {
    const url = await started({ routes: new Map([['/events', { _tag: 'Events', events$: NEVER, last: () => 'the end' }]]) });
    const listener = await fetch(new URL('/events', url));
    running.pop()?.unsubscribe();
    expect(await listener.text()).toBe('data: the end\n\n');
    await expect(fetch(new URL('/events', url))).rejects.toThrow();
  });

  test('it is cold', async () => {
    const server$ = httpServer({ host: '127.0.0.1', port: 0, isAnyPort: false, routes, onFailure: () => undefined });
    expect(await firstValueFrom(server$)).toBeInstanceOf(URL);
  });
});

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};
