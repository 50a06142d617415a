import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { Subject } from 'rxjs';
import { ndjsonSource } from '../../src/io/ndjsonSource.js';
import type { SourceEvent } from '../../src/runtime/ports.js';
import { describeWith } from '../support/requires.js';
import { eventsFrom, eventsOf, folderPerTest, messagesIn, until } from './ndjsonHarness.js';

const file = folderPerTest();

/** A source that acks only when a spec says so. */
const opened = (path: string, maxOutstandingMessages: number) => {
  const source = ndjsonSource({ path });
  const stop$ = new Subject<void>();
  const events: SourceEvent[] = [];
  let completed = false;
  const subscription = source.open({ stop$, maxOutstandingMessages }).subscribe({ next: (event) => events.push(event), complete: () => (completed = true) });
  return {
    stop$,
    events,
    subscription,
    isComplete: () => completed,
    delivered: () => messagesIn(events).length,
    ack: (count: number) => source.ack(messagesIn(events).slice(0, count)).subscribe(),
  };
};

/** About 3 MB, several chunks. */
const LINES = 100_000;
const manyLines = (): string => Array.from({ length: LINES }, (_, i) => `{"session_id":"${i}","page":"x"}\n`).join('');

describe('a file', () => {
  test('is opened, delivered and ended', async () => {
    const events = await eventsOf({ path: file('in', '{"a":1}\n\n{"a":2}') });
    expect(events.map(({ _tag }) => _tag)).toEqual(['Opened', 'Delivered', 'Delivered', 'Ended']);
    expect(events.at(-1)).toEqual({ _tag: 'Ended', complete: true });
    expect(messagesIn(events)).toMatchObject([{ json: { a: 1 }, receipt: 1 }, { json: { a: 2 }, receipt: 3 }]);
  });

  test('that is empty ends too', async () => {
    expect((await eventsOf({ path: file('in', '') })).map(({ _tag }) => _tag)).toEqual(['Opened', 'Ended']);
  });

  test('of many chunks is delivered whole and in order', async () => {
    const messages = messagesIn(await eventsOf({ path: file('in', manyLines()) }));
    expect(messages).toHaveLength(LINES);
    expect(messages.every(({ json, receipt }, index) => JSON.stringify(json) === `{"session_id":"${index}","page":"x"}` && receipt === index + 1)).toBe(true);
  });

  test('may hold anything: what is no event is delivered as it is', async () => {
    const content = Buffer.concat([Buffer.from('{"a":\n'), Buffer.of(0xff, 0x0a), Buffer.alloc(100_000, 'x'), Buffer.from('\n{"a":1}\n')]);
    expect(messagesIn(await eventsOf({ path: file('in', content), maxLineBytes: 70_000 }))).toMatchObject([
      { body: '{"a":', json: undefined, receipt: 1 },
      { body: Buffer.of(0xff), json: undefined, receipt: 2 },
      { body: Buffer.alloc(64 * 1024, 'x'), json: undefined, oversize: 100_000, receipt: 3 },
      { json: { a: 1 }, receipt: 4 },
    ]);
  });

  test('tells how far it has been read', async () => {
    const content = manyLines();
    const progress: [number, number | undefined][] = [];
    await eventsOf({ path: file('in', content), progress: (read, size) => progress.push([read, size]) });
    expect(progress.length).toBeGreaterThan(5);
    expect(progress.at(-1)).toEqual([content.length, content.length]);
    expect(progress.map(([read]) => read)).toEqual(progress.map(([read]) => read).sort((a, b) => a - b));
  });

  test.each([
    { name: 'is missing', path: () => file('none'), error: /cannot read .*none: there is no such file or directory \(ENOENT\)/ },
    { name: 'is a directory', path: () => file('.'), error: /cannot read .*: it is a directory \(EISDIR\)/ },
    { name: 'lies in a file', path: () => `${file('in', '')}/in`, error: /cannot read .*in: a part of the path is not a directory \(ENOTDIR\)/ },
  ])('that $name is a fatal error with path and reason', async ({ path, error }) => {
    const failure: unknown = await eventsOf({ path: path() }).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ fatal: true });
    expect(String(failure)).toMatch(error);
  });
});

describe('reading', () => {
  test('pauses at the limit of outstanding messages and goes on as they are acked', async () => {
    const reading = opened(file('in', manyLines()), 10);
    await until('the first chunk', () => reading.delivered() > 0);
    const first = reading.delivered();
    expect(first).toBeLessThan(LINES / 5);

    reading.ack(first - 10);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(reading.delivered()).toBe(first);

    reading.ack(1);
    await until('the second chunk', () => reading.delivered() > first);
    reading.subscription.unsubscribe();
  });

  test('completes when everything is acked, not before', async () => {
    const reading = opened(file('in', '{"a":1}\n{"a":2}\n'), 10);
    await until('the end', () => reading.events.at(-1)?._tag === 'Ended');
    reading.ack(1);
    expect(reading.isComplete()).toBe(false);
    reading.ack(1);
    expect(reading.isComplete()).toBe(true);
  });

  test('ends when it is stopped, and stays until what it delivered is acked', async () => {
    const reading = opened(file('in', manyLines()), 10);
    await until('the first chunk', () => reading.delivered() > 0);
    const first = reading.delivered();
    reading.stop$.next();
    expect(reading.events.at(-1)).toEqual({ _tag: 'Ended', complete: false });
    expect(reading.isComplete()).toBe(false);
    reading.ack(first);
    expect(reading.isComplete()).toBe(true);
    expect(reading.delivered()).toBe(first);
  });

  test('that is asked for again begins anew', async () => {
    const source = ndjsonSource({ path: file('in', '{"a":1}\n') });
    const first = await eventsFrom(source);
    expect(messagesIn(first)).toHaveLength(1);
    expect(await eventsFrom(source)).toEqual(first);
  });

  const DESCRIPTORS = '/proc/self/fd';
  const isOpen = (path: string): boolean => readdirSync(DESCRIPTORS).some((it) => existsSync(`${DESCRIPTORS}/${it}`) && readlinkSync(`${DESCRIPTORS}/${it}`) === path);

  describeWith(DESCRIPTORS, 'leaves no descriptor open', () => {
    test.each<{ name: string; leave: (reading: ReturnType<typeof opened>) => void }>([
      { name: 'when it is stopped', leave: ({ stop$ }) => stop$.next() },
      { name: 'when nobody listens any more', leave: ({ subscription }) => subscription.unsubscribe() },
      { name: 'at the end', leave: ({ ack }) => ack(1) },
    ])('$name', async ({ leave }) => {
      const path = file('in', '{"a":1}\n');
      const reading = opened(path, 1);
      await until('the first chunk', () => reading.delivered() > 0);
      expect(isOpen(path)).toBe(true);
      leave(reading);
      await until('the file to be closed', () => !isOpen(path));
      reading.subscription.unsubscribe();
    });
  });
});
