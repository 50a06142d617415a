import { readFileSync } from 'node:fs';
import { usingProgram, jsonLines, type ResultLine } from '../e2e/program.js';
import { explained, explainedFile, type Said } from './recording.js';

jest.setTimeout(60_000);

/** The words of a row of the score. */
const rowOf = (text: string, row: string): readonly string[] =>
  (new RegExp(`^${row} +(.*)$`, 'm').exec(text)?.[1] ?? '').split(/ +/).filter((word) => word !== '');

const sentences = (text: string): readonly string[] => text.split('\n').filter((it) => /^ +-?[\d.hms]+ {2}/.test(it)).map((it) => it.trim());

test('a session from its first event to its end, as a picture and in words', async () => {
  const text = await explained([{ came: 0 }, { page: 'Shop', came: 20 }, { session: 'bob', came: 90 }]);
  expect(text).toBe(`The session ann in recorded.ndjson: 2 events among 3 messages. 0s is 2025-01-30T15:30:00Z, when the first of them came.

time       0s              20s                30s                            1m30s
source     Home            Shop
watermark  -10s            -10s               10s                            1m20s
sessions   opened[0s..1m)  joined[0s..1m20s)
early_due  30s
panes                                         EARLY#0{Home,Shop}[0s..1m20s)  ON_TIME#1/last{Home,Shop}[0s..1m20s)
results                                       Home=20s#0/early               Shop=60s#0/gap
closed                                                                       closed[0s..1m20s)

What happened to ann:
     0s  line 1: "Home" of 0s comes before the watermark has begun. It opens a session, [0s..1m).
     0s  line 1: an early pane is due at 30s.
    20s  line 2: "Shop" of 20s comes with the watermark at -10s. It joins the session, which is [0s..1m20s) now.
    30s  the clock: EARLY pane 0, of [0s..1m20s).
    30s  the clock: it tells 20 s on "Home", revision 0.
  1m30s  line 3, of another session, moves the watermark to 1m20s: ON_TIME pane 1, the last one, of [0s..1m20s).
  1m30s  line 3, of another session, moves the watermark to 1m20s: it tells 60 s on "Shop" (the gap, not a measurement), revision 0.
  1m30s  line 3, of another session, moves the watermark to 1m20s: the session [0s..1m20s) is let go.
`);
});

describe('why an event became no part of a session', () => {
  const closed: readonly Said[] = [{ came: 0 }, { session: 'bob', came: 90 }];

  test.each<[string, readonly Said[], readonly string[], string, string]>([
    ['late', [...closed, { page: 'Shop', at: 30, came: 91 }], [], 'late:Shop',
      '1m31s  line 3: "Shop" of 30s comes with the watermark at 1m20s. It is late: the watermark is 50 s past it, and what is closed of the session is still remembered: [0s..1m).'],
    ['late, and nothing of it is known', [{ session: 'bob', came: 90 }, { at: 0, came: 91 }], ['--historic', 'late'], 'late:Home',
      '0s  line 2: "Home" of -1m31s comes with the watermark at -11s. It is late: the watermark is 80 s past it, and there is no session of that time (--historic late).'],
    ['a message that came before', [{ came: 0, id: '7' }, { came: 3, id: '7' }], [], 'duplicate:Home',
      '3s  line 2: "Home" of 3s comes with the watermark at -10s. It is a duplicate: its message id came before, on line 1. It changes nothing.'],
    ['a view that came before', [{ came: 0, id: '7' }, { came: 3, at: 0, id: '8' }], [], 'duplicate:Home',
      '3s  line 2: "Home" of 0s comes with the watermark at -10s. It is a duplicate: the same page at the same time came before, on line 1. It changes nothing.'],
    ['excluded', [{ came: 0 }, { came: 1, page: 'Shop', fields: { event_name: 'scroll' } }], [], 'excluded:Shop',
      '1s  line 2: "Shop" of 1s comes with the watermark at -10s. It is refused, excluded: $.event_name is "scroll", expected page_view.'],
    ['excluded by a rule', [{ came: 0 }, { came: 1, page: 'Shop' }], ['--filter', 'no shop: exclude page_title equals Shop'], 'excluded:Shop', '$.page_title is "Shop", expected no shop: exclude equals "Shop"'],
    ['invalid', [{ came: 0 }, { came: 1, page: 7 }], [], 'invalid:event',
      '1s  line 2: an event without a page of 1s comes with the watermark at -10s. It is refused, invalid: $.page_title is 7, expected a non-blank string'],
    ['in the future', [{ came: 0 }, { came: 1, at: 1_000 }], [], 'future:Home', 'It is refused, future: $.ga_event_dtm is 2025-01-30T15:46:40Z, 999 s after, expected at most 300 s after 2025-01-30T15:30:01Z.'],
  ])('%s', async (_, said, flags, word, sentence) => {
    const text = await explained(said, 'ann', ...flags);
    expect(rowOf(text, 'refused')).toEqual([word]);
    expect(sentences(text).join('\n')).toContain(sentence);
  });
});

test('what an event that comes between makes one of two, and what is late and corrected', async () => {
  const merged = await explained([{ came: 0 }, { page: 'Cart', came: 65 }, { page: 'Shop', at: 30, came: 66 }], 'ann', '--max_out_of_orderness', '60');
  expect(rowOf(merged, 'sessions')).toEqual(['opened[0s..1m)', 'opened[1m5s..2m5s)', 'merged[0s..2m5s)<[0s..1m)<[1m5s..2m5s)']);
  expect(sentences(merged)).toContain('1m6s  line 3: "Shop" of 30s comes with the watermark at 5s. It makes one session of [0s..1m) and [1m5s..2m5s): [0s..2m5s).');

  const corrected = await explained([{ came: 0 }, { session: 'bob', came: 120 }, { page: 'Shop', at: 30, came: 121 }], 'ann', '--allowed_lateness', '600');
  expect(rowOf(corrected, 'panes')).toEqual(['EARLY#0{Home}[0s..1m)', 'ON_TIME#1{Home}[0s..1m)', 'LATE#2{Home,Shop}[0s..1m30s)']);
  expect(rowOf(corrected, 'results')).toEqual(['Home=60s#0/gap', 'Home=30s#1/late', 'Shop=60s#0/gap/late']);
});

test('when the mark of a closed session is forgotten, and an old event is historic', async () => {
  const text = await explained([{ came: 0 }, { session: 'bob', came: 90 }, { session: 'bob', came: 800 }, { session: 'cid', came: 801 }, { page: 'Shop', at: 30, came: 802 }]);
  expect(rowOf(text, 'closed')).toEqual(['closed[0s..1m)', 'forgotten[0s..1m)']);
  expect(rowOf(text, 'results')).toEqual(['Home=60s#0/gap', 'Shop=60s#0/gap/historic']);
  expect(sentences(text).at(-1)).toBe('13m22s  the end of the recording: it tells 60 s on "Shop" (the gap, not a measurement), revision 0.');
});

test('a session of which nothing came, and a recording that does not say when', async () => {
  await expect(explained([{ came: 0 }], 'zoe')).rejects.toThrow(/^session "zoe": .*recorded.ndjson holds no event of it, among 1 messages$/);
  await expect(explainedFile('package.json', 'ann')).rejects.toThrow('clock: with "recorded" every message needs a publish_time');
  await expect(explainedFile('nowhere.ndjson', 'ann')).rejects.toThrow('cannot read nowhere.ndjson: there is no such file');
});

describe('beside a run of the same recording', () => {
  const SAMPLE = 'samples/page_views.ndjson';
  const program = usingProgram();

  test('it tells of each session what the run tells', async () => {
    const out = program.file('results.ndjson');
    expect(await program.start(['--input', SAMPLE, '--clock', 'recorded', '--output', out, '--with_headers']).ended).toMatchObject({ code: 0 });
    const lines = jsonLines<ResultLine>(readFileSync(out, 'utf8'));
    const refused = jsonLines<{ readonly reason: string; readonly data: string }>(readFileSync(`${out}.dead-letter.ndjson`, 'utf8'));
    const sessions = [...new Set(lines.map((it) => it.session_id))];
    expect(sessions.length).toBeGreaterThan(50);
    for (const session of sessions) {
      const text = await explainedFile(SAMPLE, session);
      const own = lines.filter((it) => it.session_id === session);
      expect(sentences(text).filter((it) => it.includes(' it tells ')).map((it) => /it tells ([\d.]+) s on (".*?")(?: \(.*\))?, revision (\d+)/.exec(it)?.slice(1))).toEqual(
        own.map(({ page, time_spent_seconds: seconds, headers }) => [`${seconds}`, JSON.stringify(page), String(/"revision":(\d+)/.exec(headers?.pane ?? '')?.[1])]),
      );
      const reasons = refused.filter(({ data }) => data.includes(`"session_id":"${session}"`)).map(({ reason }) => reason);
      expect(rowOf(text, 'refused').map((it) => it.split(':')[0]).filter((it) => it !== 'duplicate')).toEqual(reasons);
    }
  });

  test('a reader that has seen enough ends it in peace; an unknown session is an error', async () => {
    const { code, stdout, stderr } = await program.start(['explain', '--input', SAMPLE, '--session', 'nobody']).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('holds no event of it, among 225 messages');
  });
});
