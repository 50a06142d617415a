import { bodies, eventOf, message, play, playMessages, spent, T0, SECOND } from './play.js';
import { resultBody, resultHeaders } from '../../src/model/resultRecord.js';

describe('the five cases of the predecessor', () => {
  test('single session, 2 events: events 30 s apart give time_spent_seconds 30, and the gap for the last page', () => {
    expect(spent(play([{ page: 'A', at: 0 }, { page: 'B', at: 30 }]))).toEqual([['s', 'A', 30], ['s', 'B', 60]]);
    expect(spent(play([{ page: 'A', at: 0 }, { page: 'B', at: 30 }], { results: { lastPage: 'omit' } }))).toEqual([['s', 'A', 30]]);
  });

  test('multiple sessions: different session_ids are calculated separately', () => {
    const played = play([{ session: 'a', page: 'A', at: 0 }, { session: 'b', page: 'A', at: 5 }, { session: 'a', page: 'B', at: 20 }, { session: 'b', page: 'B', at: 50 }]);
    expect(spent(played)).toEqual(expect.arrayContaining([['a', 'A', 20], ['a', 'B', 60], ['b', 'A', 45], ['b', 'B', 60]]));
    expect(played.results.filter(({ emitted }) => emitted.revision === 0)).toHaveLength(4);
  });

  test('late events: of a closed session they are dead letters, of another session they are historic results', () => {
    const played = play([{ session: 'a', page: 'A', at: 0 }, { session: 'other', page: 'X', at: 300 }, { session: 'a', page: 'B', at: 10 }, { session: 'b', page: 'C', at: 10 }]);
    expect(played.deadLetters).toMatchObject([{ reason: 'late', sessionId: 'a', lateness: { watermark: T0 + 290 * SECOND, distance: 280 * SECOND } }]);
    const historic = played.results.filter(({ emitted }) => emitted.pane.historic);
    expect(historic.map(({ emitted }) => [emitted.key, emitted.value.page])).toEqual([['b', 'C']]);
  });

  test('invalid events: without session_id an event is filtered out, with its reason', () => {
    const played = play([{ at: 0, fields: { session_id: undefined } }, { page: 'A', at: 1 }]);
    expect(played.deadLetters).toMatchObject([
      { reason: 'invalid', stage: 'validate', sessionId: undefined, faults: [{ path: '$.session_id', expected: 'a non-blank string of at most 100000 characters', got: 'nothing' }] },
    ]);
    expect(spent(played)).toEqual([['s', 'A', 60]]);
  });

  test('historic data: old timestamps beside current ones close by processing time', () => {
    const played = play([
      { session: 'now', page: 'A', at: 100_000 },
      { session: 'old', page: 'B', at: 0 },
      { session: 'now', page: 'C', at: 100_050 },
      // 120 s of processing time after the old event
      { session: 'tick', page: 'D', at: 100_121 },
    ]);
    const old = played.results.find(({ emitted }) => emitted.key === 'old');
    expect(old).toMatchObject({ emitted: { value: { page: 'B', timeSpent: 60_000 }, pane: { historic: true, timing: 'ON_TIME' } }, processingTime: T0 + 100_120 * SECOND });
  });

  test('historic data alone is the time of the stream: it closes as it goes by', () => {
    const played = play([{ session: 'a', page: 'A', at: -1e6 }, { session: 'b', page: 'B', at: -1e6 + 100 }]);
    expect(played.results.every(({ emitted }) => !emitted.pane.historic)).toBe(true);
    expect(spent(played)).toEqual([['a', 'A', 60], ['b', 'B', 60]]);
  });
});

describe('the sample of the predecessor, byte for byte', () => {
  const SAMPLE = {
    session_id: '1234567890.1738286883', page_title: 'Home Page', subscriber_number: '12345678', subscriber_lifetime_id: 'abc123', account_number: 'ACC123456',
    digital_id: 'DIG789', single_id: 'SID456', user_id: 'USER123', user_pseudo_id: '2JK8WSrazodfn8PgRDYzuzoQrA2MzjogfSwFkKDbLBY=.1738286883',
    event_date: '2025-01-30', event_timestamp_ms: 1738286883000, ga_event_dtm: '2025-01-30T15:30:00Z', event_name: 'page_view',
    event_params: [{ key: 'page_title', value: { string_value: 'Home Page' } }],
  };
  const attributes = { timestamp: '2025-01-30T15:30:00Z', source: 'ga4_streaming' };

  /** The sample, the view that ended it 45.5 s later, and the clock that has come to 15:31:00 when the early pane is drawn. */
  const played = playMessages([
    message(JSON.stringify(SAMPLE), { at: 0, published: 30, attributes }),
    message(JSON.stringify({ ...SAMPLE, page_title: 'Basket', ga_event_dtm: '2025-01-30T15:30:45.500Z' }), { at: 45.5, attributes }),
    message(JSON.stringify(eventOf({ session: 'another', at: 60 })), { at: 60 }),
  ]);

  test('the body of the output is the documented one', () => {
    expect(played.results[0] && resultBody(played.results[0], { timestampPrecision: 'seconds' })).toBe(
      '{"session_id":"1234567890.1738286883","page":"Home Page","time_spent_seconds":45.5,"timestamp":"2025-01-30T15:30:45Z",' +
        '"window_start":"2025-01-30T15:30:00Z","window_end":"2025-01-30T15:31:45Z","element_timestamp":"2025-01-30T15:30:45Z"}',
    );
  });

  test('its attributes are the documented ones, and pane tells that it was an early one', () => {
    expect(played.results[0] && resultHeaders(played.results[0], { timestampPrecision: 'seconds' })).toEqual({
      session_id: '1234567890.1738286883',
      processing_time: '2025-01-30T15:31:00Z',
      pane: '{"timing":"EARLY","index":0,"final":false,"revision":0,"entry":1738251000000,"rule":"next_view"}',
    });
  });

  test('ga_event_dtm is the event time; that event_timestamp_ms contradicts it is counted and refuses nothing', () => {
    expect(played.counts).toMatchObject({ received: 3, contradictions: 2, deadLetters: {} });
    expect(bodies(played)[0]).toContain('"window_start":"2025-01-30T15:30:00Z"');
  });
});
