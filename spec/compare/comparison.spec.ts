import { bodies, bodiesByEntry, found, START, withHeaders, written, type Session, type Written } from './pipelines.js';

/** Ann reads four pages and comes back later; Bob reads one. */
const SESSIONS: readonly Session[] = [
  { session: 'ann', views: [['Home', 0], ['Shop', 10.4], ['Basket', 40.25], ['Home', 65], ['Support', 300]] },
  { session: 'bob', views: [['Home', 5.5]] },
];

const ALL = written(SESSIONS);

const changed = (place: number, body: Partial<Written['body']>, pane: Partial<Written['pane']> = {}): Written[] =>
  ALL.map((it, at) => (at === place ? { body: { ...it.body, ...body }, pane: { ...it.pane, ...pane } } : it));

const without = (...places: readonly number[]): Written[] => ALL.filter((_, at) => !places.includes(at));

const kinds = ({ differences }: ReturnType<typeof found>): Record<string, number> => Object.fromEntries(differences.map(({ kind, why, count }) => [`${kind}: ${why}`, count]));

describe('nothing differs', () => {
  test('between a pipeline and itself', () => {
    expect(found(withHeaders(ALL), withHeaders(ALL))).toEqual({ same: 6, differences: [] });
  });

  test('between one with headers and one without', () => {
    expect(found(bodies(ALL), withHeaders(ALL))).toEqual({ same: 6, differences: [] });
  });

  test('between one whose timestamp is the exit, and one whose timestamp is the entry', () => {
    expect(found(bodiesByEntry(ALL), withHeaders(ALL))).toEqual({ same: 6, differences: [] });
    expect(found(bodiesByEntry(ALL), bodies(ALL))).toEqual({ same: 6, differences: [] });
  });

  test('where times were cut to the second, and the time on page was not', () => {
    const cut = bodies(ALL).map((line) => line.replaceAll(/\.\d{3}Z/g, 'Z'));
    expect(found(cut, withHeaders(ALL))).toEqual({ same: 6, differences: [] });
  });

  test('where only the window of an early result is still short', () => {
    const early = changed(0, { window_end: new Date(START + 70_400).toISOString() });
    expect(found(withHeaders(early), withHeaders(ALL))).toEqual({ same: 6, differences: [] });
  });
});

describe('of the records of one result', () => {
  const wrong = { time_spent_seconds: 1 };

  test.each([
    ['the higher revision counts, wherever it stands', [changed(0, wrong)[0]!, ...changed(0, {}, { revision: 1 })]],
    ['the higher revision counts, wherever it stands', [...changed(0, {}, { revision: 1 }), changed(0, wrong)[0]!]],
    ['one that is not historic beats one that is', [...ALL, changed(0, wrong, { historic: true, revision: 7 })[0]!]],
    ['of two with the same revision the later one counts', [changed(0, wrong)[0]!, ...ALL]],
  ])('%s', (_, records) => {
    expect(found(withHeaders(ALL), withHeaders(records))).toEqual({ same: 6, differences: [] });
  });

  test('without headers the later one counts', () => {
    const provisional = changed(0, { time_spent_seconds: 60, timestamp: new Date(START + 60_000).toISOString(), window_end: new Date(START + 60_000).toISOString() })[0]!;
    expect(found(bodies([provisional, ...ALL]), withHeaders(ALL))).toEqual({ same: 6, differences: [] });
  });
});

describe('a difference is named', () => {
  test('rounding', () => {
    const rounded = ALL.map(({ body, pane }) => ({ pane, body: { ...body, time_spent_seconds: Math.round(body.time_spent_seconds) } }));
    expect(kinds(found(withHeaders(rounded), withHeaders(ALL)))).toEqual({ 'rounding: left has whole seconds': 3 });
    expect(found(withHeaders(rounded), withHeaders(ALL), { spent: 500 }).differences).toEqual([]);
  });

  test('last page, where one side has none', () => {
    const omitting = ALL.filter(({ pane }) => pane.rule === 'next_view');
    const expected = { 'last_page: right has no result for the last page of a session': 3 };
    expect(kinds(found(withHeaders(ALL), withHeaders(omitting)))).toEqual(expected);
    expect(kinds(found(bodiesByEntry(ALL), withHeaders(omitting)))).toEqual(expected);
    expect(kinds(found(bodiesByEntry(ALL), bodies(omitting)))).toEqual(expected);
  });

  test('last page, where the rules differ', () => {
    const engaged = ALL.map(({ body, pane }) => ({ pane, body: pane.rule === 'session_gap' ? { ...body, time_spent_seconds: 12 } : body }));
    expect(kinds(found(bodies(ALL), withHeaders(engaged)))).toEqual({ 'last_page: both time the last page of a session by a rule, and the rules differ': 3 });
  });

  test('last page, where one side takes it for 0', () => {
    const zero = ALL.map(({ body, pane }) => ({ pane, body: pane.rule === 'session_gap' ? { ...body, time_spent_seconds: 0 } : body }));
    expect(kinds(found(bodiesByEntry(zero), withHeaders(ALL)))).toEqual({ 'last_page: both time the last page of a session by a rule, and the rules differ': 3 });
  });

  test('boundary: another gap cuts sessions elsewhere', () => {
    expect(kinds(found(withHeaders(ALL), withHeaders(written(SESSIONS, 29))))).toEqual({
      'boundary: right ends the session on this page; left goes on, and both know the next view': 1,
      'boundary: the time is the same, the window of the session is not': 2,
      'last_page: both time the last page of a session by a rule, and the rules differ': 3,
    });
  });

  test('boundary: two views exactly one gap apart', () => {
    const sessions: readonly Session[] = [{ session: 's', views: [['A', 0], ['B', 60], ['C', 70]] }];
    const touching = written([{ session: 's', views: [['A', 0], ['B', 59.9999], ['C', 70]] }]);
    expect(kinds(found(bodies(touching), withHeaders(written(sessions))))).toEqual({ 'boundary: the time is the same, the window of the session is not': 3 });
  });

  test('lateness: a view that one side has not counted, and the page before it', () => {
    const fewer = written(SESSIONS.map((it) => ({ ...it, views: it.views.filter(([page]) => page !== 'Shop') })));
    const expected = {
      'lateness: right has not counted this view: its time on the page before runs over it. So the view was late or refused there': 1,
      'lateness: right has not counted the view that ended this page. So that view was late or refused there': 1,
    };
    expect(kinds(found(withHeaders(ALL), withHeaders(fewer)))).toEqual(expected);
    expect(kinds(found(bodiesByEntry(ALL), bodies(fewer)))).toEqual(expected);
  });

  test('lateness, by the dead letter that tells it', () => {
    const fewer = written(SESSIONS.filter(({ session }) => session !== 'bob'));
    const refusedRight = { bob: [{ entry: START + 5_500, reason: 'late' }] };
    expect(kinds(found(withHeaders(ALL), withHeaders(fewer), { refusedRight }))).toEqual({ 'lateness: right has refused the view: late': 1 });
  });

  test('lateness: what one side computes as historic and the other drops', () => {
    const historic = changed(5, {}, { historic: true });
    expect(kinds(found(bodies(without(5)), withHeaders(historic)))).toEqual({ 'lateness: right has computed it as historic, left has no result: it came too late there': 1 });
  });

  test('revision: one side has what the other has corrected', () => {
    const corrected = [...changed(0, { time_spent_seconds: 20 }), changed(0, {}, { revision: 1 })[0]!];
    expect(kinds(found(bodies(changed(0, { time_spent_seconds: 20, timestamp: new Date(START + 20_000).toISOString() })), withHeaders(corrected)))).toEqual({
      'revision: left has the time that right had told before it was corrected': 1,
    });
  });

  test('revision: one side never corrected a provisional time', () => {
    const early = changed(1, { time_spent_seconds: 60, timestamp: new Date(START + 70_400).toISOString(), window_end: new Date(START + 70_400).toISOString() });
    expect(kinds(found(bodies(early), withHeaders(ALL)))).toEqual({ 'revision: left has an early time only: the session went on there and the page was not told again': 1 });
  });

  test('page name', () => {
    expect(kinds(found(withHeaders(ALL), withHeaders(changed(2, { page: 'Your basket' }))))).toEqual({ 'page_name: the same view under another name of the page': 1 });
  });

  test('missing: a session, or a result', () => {
    expect(kinds(found(withHeaders(ALL), withHeaders(without(1, 5))))).toEqual({
      'missing_right: right has no result of the session': 1,
      'missing_right: right has results of the session, and not this one': 1,
    });
    expect(kinds(found(withHeaders(without(1, 5)), withHeaders(ALL)))).toEqual({
      'missing_left: left has no result of the session': 1,
      'missing_left: left has results of the session, and not this one': 1,
    });
  });

  test('a time that nothing explains', () => {
    expect(kinds(found(withHeaders(ALL), withHeaders(changed(1, { time_spent_seconds: 17.3 }))))).toEqual({
      'time_spent: the times differ, and the results do not tell why': 1,
    });
  });
});
