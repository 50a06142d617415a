import { linkSync, readFileSync, symlinkSync } from 'node:fs';
import * as fc from 'fast-check';
import { concat, lastValueFrom } from 'rxjs';
import { ndjsonSink, type NdjsonSinkOptions } from '../../src/io/ndjsonSink.js';
import type { DeadLetter } from '../../src/model/deadLetter.js';
import type { Result } from '../../src/model/outcome.js';
import { resultBody, resultHeaders } from '../../src/model/resultRecord.js';
import { deadLetter } from '../support/deadLetters.js';
import { describeWith } from '../support/requires.js';
import { sampleResult } from '../support/results.js';
import { eventsOf, folderPerTest, messagesIn } from './ndjsonHarness.js';

const file = folderPerTest();

const sinkTo = (options: Partial<NdjsonSinkOptions>) =>
  ndjsonSink({ path: undefined, deadLetterPath: undefined, inputPath: undefined, withHeaders: false, encoding: { timestampPrecision: 'milliseconds' }, ...options });

/** Opens, writes and closes; an error comes out after closing. */
const written = async (options: Partial<NdjsonSinkOptions>, results: readonly Result[], deadLetters: readonly DeadLetter[] = []): Promise<void> => {
  const sink = sinkTo(options);
  try {
    await done(concat(sink.open(), sink.write(results, deadLetters)));
  } finally {
    await done(sink.close());
  }
};

const done = (steps: ReturnType<ReturnType<typeof sinkTo>['open']>) => lastValueFrom(steps, { defaultValue: undefined });

const failureOf = (task: Promise<unknown>): Promise<unknown> => task.then(() => 'none', (thrown: unknown) => thrown);

const linesIn = (path: string): string[] => {
  const text = readFileSync(path, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
};

describe('results', () => {
  test('are their bodies, one a line', async () => {
    const results = [sampleResult(), sampleResult({ page: 'a "page"\n', revision: 1 })];
    await written({ path: file('out') }, results);
    expect(linesIn(file('out'))).toEqual(results.map((it) => resultBody(it)));
  });

  test('may carry their headers as the last member', async () => {
    await written({ path: file('out'), withHeaders: true }, [sampleResult()]);
    const [line = ''] = linesIn(file('out'));
    expect(line).toBe(`${resultBody(sampleResult()).slice(0, -1)},"headers":${JSON.stringify(resultHeaders(sampleResult()))}}`);
    expect(JSON.parse(line)).toMatchObject({ page: 'Home Page', headers: { session_id: sampleResult().emitted.key } });
  });

  test('have their times as precise as was asked for', async () => {
    await written({ path: file('out'), withHeaders: true, encoding: { timestampPrecision: 'seconds' } }, [sampleResult()]);
    expect(linesIn(file('out')).join()).not.toMatch(/:\d\d\.\d+Z/);
  });

  test('of a large epoch are written in pieces, with nothing lost between them', async () => {
    const results = Array.from({ length: 40_000 }, (_, i) => sampleResult({ session: `${i}` }));
    await written({ path: file('out') }, results);
    expect(linesIn(file('out'))).toEqual(results.map((it) => resultBody(it)));
  });

  test('are in the file when the write completes, epoch after epoch', async () => {
    const sink = sinkTo({ path: file('out') });
    await done(sink.open());
    expect(linesIn(file('out'))).toHaveLength(0);
    await done(sink.write([sampleResult()], []));
    expect(linesIn(file('out'))).toHaveLength(1);
    await done(sink.write([], []));
    await done(sink.write([sampleResult(), sampleResult()], []));
    expect(linesIn(file('out'))).toHaveLength(3);
    await done(sink.close());
  });
});

describe('dead letters', () => {
  test('go to their own file', async () => {
    await written({ path: file('out'), deadLetterPath: file('dead') }, [sampleResult()], [deadLetter({ body: 'x' })]);
    expect(linesIn(file('out'))).toEqual([resultBody(sampleResult())]);
    expect(linesIn(file('dead'))).toHaveLength(1);
  });

  test('without a file are not written', async () => {
    await written({ path: file('out') }, [sampleResult()], [deadLetter({ body: 'x' })]);
    expect(linesIn(file('out'))).toHaveLength(1);
  });

  test('law: read as input they are the messages they were, byte by byte', async () => {
    const messages = fc.record({
      id: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      publishTime: fc.option(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map(Number), { nil: undefined }),
      attributes: fc.dictionary(fc.string(), fc.string()),
      body: fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array().map((it) => Buffer.from(it)), fc.json()),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(messages, { maxLength: 20 }), async (originals) => {
        await written({ deadLetterPath: file('dead') }, [], originals.map((it) => deadLetter(it)));
        const again = messagesIn(await eventsOf({ path: file('dead') }));
        const plain = ({ id, publishTime, attributes, body }: Pick<typeof again[number], 'id' | 'publishTime' | 'attributes' | 'body'>) =>
          [id, publishTime, Object.entries(attributes), Buffer.from(body).toString('hex')];
        expect(again.map(plain)).toEqual(originals.map(plain));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the files', () => {
  test('are emptied at the first opening, and gone on with at the next', async () => {
    const sink = sinkTo({ path: file('out', 'of an earlier run') });
    for (const expected of [1, 2]) {
      await done(concat(sink.open(), sink.write([sampleResult()], []), sink.close()));
      expect(linesIn(file('out'))).toHaveLength(expected);
    }
  });

  test.each([
    { name: 'by its path', output: () => file('in') },
    { name: 'by another path', output: () => file('./x/../in') },
    { name: 'by a symbolic link', output: () => (symlinkSync(file('in'), file('link')), file('link')) },
    { name: 'by a hard link', output: () => (linkSync(file('in'), file('link')), file('link')) },
  ])('are never the input: $name', async ({ output }) => {
    const inputPath = file('in', 'precious');
    const path = output();
    for (const options of [{ path }, { deadLetterPath: path }]) {
      const failure = await failureOf(written({ inputPath, ...options }, []));
      expect(failure).toMatchObject({ fatal: true });
      expect(String(failure)).toBe(`FileError: cannot write ${path}: it is the same file as the input`);
    }
    expect(readFileSync(inputPath, 'utf8')).toBe('precious');
  });

  test('are not one and the same', async () => {
    symlinkSync(file('out'), file('link'));
    const failure = await failureOf(written({ path: file('out'), deadLetterPath: file('link') }, []));
    expect(String(failure)).toBe(`FileError: cannot write ${file('link')}: it is the same file as ${file('out')}`);
  });

  test('may be devices', async () => {
    await written({ path: '/dev/null', deadLetterPath: '/dev/null', inputPath: '/dev/null' }, [sampleResult()], [deadLetter({})]);
  });

  test.each([
    { name: 'a folder that is missing', path: () => file('none/out'), error: /: there is no such file or directory \(ENOENT\)$/ },
    { name: 'a directory', path: () => file('.'), error: /: it is a directory \(EISDIR\)$/ },
  ])('that cannot be written are a fatal error with path and reason: $name', async ({ path, error }) => {
    const failure = await failureOf(written({ path: path() }, []));
    expect(failure).toMatchObject({ fatal: true });
    expect(String(failure)).toContain(`FileError: cannot write ${path()}`);
    expect(String(failure)).toMatch(error);
  });

  describeWith('/dev/full', 'on a full disk', () => {
    test('are a fatal error that says so', async () => {
      const failure = await failureOf(written({ path: '/dev/full' }, [sampleResult()]));
      expect(failure).toMatchObject({ fatal: true });
      expect(String(failure)).toBe('FileError: cannot write /dev/full: no space left on the device (ENOSPC)');
    });
  });
});
