import { readFileSync } from 'node:fs';
import * as t from 'io-ts';
import { eventTime } from '../../src/model/eventTime.js';
import { runConfig } from './commandLine.js';

test('samples/pipeline.yaml is a right configuration', () => {
  const config = runConfig(['--config', 'p.yaml'], { files: { 'p.yaml': readFileSync('samples/pipeline.yaml', 'utf8') } });
  expect(config).toMatchObject({ input: { _tag: 'PubSub' }, output: { _tag: 'Kafka' }, windows: { gap: 60_000 } });
  expect(config.filter.rules.map(({ name }) => name)).toEqual(['staff', 'no test pages']);
});

describe('samples/page_views.ndjson', () => {
  const Recorded = t.type({ message_id: t.string, publish_time: t.string, attributes: t.record(t.string, t.string), data: t.union([t.UnknownRecord, t.string]) });
  const lines = readFileSync('samples/page_views.ndjson', 'utf8').trimEnd().split('\n');
  const recorded = lines.map((line) => {
    const json: unknown = JSON.parse(line);
    if (!Recorded.is(json)) throw new Error(`not a recorded message: ${line}`);
    return json;
  });
  const published = recorded.map(({ publish_time }) => eventTime(publish_time));

  test('is a recording in the order of publication, so that --clock recorded replays it', () => {
    expect(published).toEqual([...published].sort((a, b) => a - b));
  });

  test('has what there is to see: repeated, broken, late, old and future events', () => {
    const ids = recorded.map(({ message_id }) => message_id);
    const bodies = recorded.map(({ data }) => JSON.stringify(data));
    const delays = recorded.flatMap(({ data }, index) => {
      const at = typeof data !== 'string' && typeof data['ga_event_dtm'] === 'string' ? eventTime(data['ga_event_dtm']) : NaN;
      return Number.isNaN(at) ? [] : [(published[index] ?? NaN) - at];
    });
    expect(new Set(ids).size).toBeLessThan(ids.length);
    expect(new Set(bodies).size).toBeLessThan(new Set(ids).size);
    expect(recorded.some(({ data }) => typeof data === 'string')).toBe(true);
    expect(delays.some((it) => it > 120_000 && it < 250_000)).toBe(true);
    expect(delays.some((it) => it > 86_400_000)).toBe(true);
    expect(delays.some((it) => it < -300_000)).toBe(true);
  });
});
