import { Writable } from 'node:stream';
import { VirtualTimeScheduler } from 'rxjs';
import { createLogger, type Logger } from '../../src/io/logger.js';

type Line = Readonly<Record<string, unknown>>;

/** Keeps what was written; `paused`: takes the first write and never says that it is done with it. */
class Sink extends Writable {
  readonly written: string[] = [];

  constructor(private paused = false) {
    super({ highWaterMark: 1024 });
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written.push(chunk.toString());
    if (this.paused) this.resume = () => { this.paused = false; done(); };
    else done();
  }

  resume: () => void = () => undefined;

  get lines(): Line[] {
    return this.written.join('').split('\n').filter((it) => it !== '').map((it) => {
      const line: Line = JSON.parse(it);
      return line;
    });
  }
}

const silentClock = () => new VirtualTimeScheduler();

/** Lets winston's own queue run dry. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const events = (lines: readonly Line[]) => lines.map(({ event }) => event);

describe('logger', () => {
  const logged = async (use: (logger: Logger) => void, options: { level?: 'debug' | 'info' | 'warn' | 'error'; pretty?: boolean } = {}): Promise<Sink> => {
    const sink = new Sink();
    const logger = createLogger({ level: options.level ?? 'info', stream: sink, pretty: options.pretty ?? false, scheduler: silentClock() });
    use(logger);
    await logger.close();
    return sink;
  };

  test('a line is one JSON object: time, level, event, fields', async () => {
    const { written } = await logged((logger) => logger.info('pipeline_started', { job: 'pages', attempt: 2 }));
    expect(written.join('')).toBe('{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"pipeline_started","job":"pages","attempt":2}\n');
  });

  test('fields cannot pass for time, level or event', async () => {
    const { lines } = await logged((logger) => logger.info('real', { event: 'forged', level: 'error', time: 'never' }));
    expect(lines).toEqual([{ time: '1970-01-01T00:00:00.000Z', level: 'info', event: 'real' }]);
  });

  test('what is below the level is not written', async () => {
    const { lines } = await logged((logger) => {
      logger.debug('d');
      logger.info('i');
      logger.warn('w');
      logger.error('e');
      logger.log('debug', 'd');
      logger.log('error', 'f');
    }, { level: 'warn' });
    expect(events(lines)).toEqual(['w', 'e', 'f']);
  });

  test('on a terminal a line is for eyes', async () => {
    const { written } = await logged((logger) => logger.warn('kafka_client', { broker: 1 }), { pretty: true });
    expect(written.join('').replace(/\u001b\[\d+m/g, '')).toBe('00:00:00 warn  kafka_client {"broker":1}\n');
  });

  test('an error is shown with its message, code, cause and stack', async () => {
    const error = Object.assign(new Error('lost', { cause: new Error('cable') }), { code: 'ECONNRESET' });
    const { lines } = await logged((logger) => logger.error('failed', { error }));
    expect(lines[0]).toMatchObject({ error: { name: 'Error', message: 'lost', code: 'ECONNRESET', cause: { message: 'cable' }, stack: expect.stringContaining('logger.spec') } });
  });

  test('ids, titles, bodies and passwords are left out, however deep and however written', async () => {
    const { written } = await logged((logger) => {
      logger.info('x', { session_id: 'SECRET', sessionId: 'SECRET', PAGE_TITLE: 'SECRET', accountNumber: 'SECRET', password: 'SECRET', body: Buffer.from('SECRET') });
      logger.info('y', { record: { data: ['SECRET'], deep: [{ user_pseudo_id: 'SECRET', kept: 1 }] } });
    });
    expect(written.join('')).not.toContain('SECRET');
    expect(written.join('')).not.toContain(JSON.stringify(Buffer.from('SECRET').toJSON().data));
    expect(written.join('')).toContain('"kept":1');
  });

  test('whatever the fields are, there is a line of bounded length', async () => {
    const circle: Record<string, unknown> = { n: 1n };
    circle['self'] = circle;
    const { lines, written } = await logged((logger) => {
      logger.info('circle', { circle, plain: 1 });
      logger.info('long', { text: 'x'.repeat(1_000_000) });
      logger.info('wide', { list: Array.from({ length: 100_000 }, (_, i) => i) });
      logger.info('big', { n: 12345678901234567890n });
    });
    expect(lines[0]).toMatchObject({ event: 'circle', plain: 1 });
    expect(lines[2]).toMatchObject({ event: 'wide', left_out: expect.stringMatching(/^\d+ characters$/) });
    expect(lines[3]).toMatchObject({ n: '12345678901234567890' });
    expect(Math.max(...written.map((it) => it.length))).toBeLessThan(17_000);
  });

  describe('sampling', () => {
    test('of a warning that repeats the first five are written, and at the end of ten seconds how many were suppressed', async () => {
      const sink = new Sink();
      const clock = silentClock();
      const logger = createLogger({ level: 'info', stream: sink, pretty: false, scheduler: clock });
      for (let i = 0; i < 100_000; i += 1) logger.warn('invalid_event', { i });
      logger.error('other');
      await settled();
      expect(events(sink.lines)).toEqual([...Array<string>(5).fill('invalid_event'), 'other']);

      clock.flush();
      await settled();
      expect(sink.lines.at(-1)).toEqual({ time: '1970-01-01T00:00:10.000Z', level: 'warn', event: 'invalid_event', suppressed: 99_995 });

      logger.warn('invalid_event', { i: -1 });
      await settled();
      expect(sink.lines.at(-1)).toMatchObject({ event: 'invalid_event', i: -1 });
      await logger.close();
      expect(sink.lines).toHaveLength(8);
    });

    test('what is only told is not sampled', async () => {
      const { lines } = await logged((logger) => {
        for (let i = 0; i < 20; i += 1) logger.info('committed');
      });
      expect(lines).toHaveLength(20);
    });

    test('closing tells what was suppressed until then', async () => {
      const { lines } = await logged((logger) => {
        for (let i = 0; i < 8; i += 1) logger.error('broken');
      });
      expect(lines.map(({ suppressed }) => suppressed)).toEqual([undefined, undefined, undefined, undefined, undefined, 3]);
    });

    test('an unused logger leaves no timer behind', async () => {
      const clock = silentClock();
      const logger = createLogger({ level: 'info', stream: new Sink(), pretty: false, scheduler: clock });
      logger.warn('once');
      await logger.close();
      expect(clock.actions.filter(({ closed }) => !closed)).toEqual([]);
    });
  });

  describe('a reader that has stalled', () => {
    test('costs about a mebibyte and loses lines, which are counted when it reads again', async () => {
      const sink = new Sink(true);
      const logger = createLogger({ level: 'info', stream: sink, pretty: false, scheduler: silentClock() });
      for (let i = 0; i < 10_000; i += 1) logger.info('step', { text: 'x'.repeat(400) });
      expect(sink.writableLength).toBeGreaterThan(500_000);
      expect(sink.writableLength).toBeLessThan(2_000_000);

      sink.resume();
      logger.info('after');
      await logger.close();
      const dropped = sink.lines.find(({ event }) => event === 'log_lines_dropped');
      expect(sink.lines.at(-1)).toMatchObject({ event: 'after' });
      expect(sink.lines.filter(({ event }) => event === 'step').length + Number(dropped?.['count'])).toBe(10_000);
    });

    test('does not keep the process from ending', async () => {
      const logger = createLogger({ level: 'info', stream: new Sink(true), pretty: false, scheduler: silentClock() });
      logger.info('never_read');
      await expect(logger.close()).resolves.toBeUndefined();
    });
  });

  test('a reader that has gone away ends nothing', async () => {
    const sink = new Sink();
    const logger = createLogger({ level: 'info', stream: sink, pretty: false, scheduler: silentClock() });
    sink.destroy(new Error('EPIPE'));
    logger.info('unheard');
    await expect(logger.close()).resolves.toBeUndefined();
  });

  test('after closing nothing is written, and closing again is closing once', async () => {
    const sink = new Sink();
    const logger = createLogger({ level: 'info', stream: sink, pretty: false, scheduler: silentClock() });
    logger.info('before');
    await Promise.all([logger.close(), logger.close()]);
    logger.info('after');
    await settled();
    expect(events(sink.lines)).toEqual(['before']);
  });
});
