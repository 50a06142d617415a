import { readFileSync } from 'node:fs';
import { barsOf } from '../../src/page/distribution.js';
import { tallLayout, wideLayout } from '../../src/page/flowLayout.js';
import { FLOW, MOST_EXITS, flowPicture, shortName } from '../../src/page/flowPicture.js';
import { captionsOf, linesOf } from '../../src/page/history.js';
import { runbookSection } from '../../src/page/runbook.js';
import { sessionText } from '../../src/page/sessionText.js';
import { STAGES } from '../../src/status/edges.js';
import { problemIds } from '../../src/status/health.js';
import { NOW, statusWith } from './status.js';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('the picture of the flow', () => {
  const { places, edges } = flowPicture(statusWith());

  test('has the numbers of each edge, and which of them move', () => {
    expect([...edges.keys()]).toEqual(['source-messages', 'dedupeEmitted-sink']);
    expect(edges.get('source-messages')).toMatchObject({ isMoving: true, unit: 'messages' });
    expect(plain(edges.get('source-messages')?.count ?? '')).toBe('1 234 567');
    expect(edges.get('dedupeEmitted-sink')).toMatchObject({ isMoving: false });
  });

  test('says at each place what left there', () => {
    expect(places.get('validate')?.exits.map(({ what, figures }) => `${what} ${plain(figures)}`)).toEqual(['invalid 12 · 0.3 /s']);
    expect(places.get('sessionWindow')?.exits.map(({ what }) => what)).toEqual(['duplicates']);
  });

  test('has room for all that can leave at a place', () => {
    const most = STAGES.map(({ place, refuses }) => refuses.length + (place === 'messages' || place === 'sessionWindow' ? 1 : 0));
    expect(Math.max(...most)).toBe(MOST_EXITS);
  });

  test('shortens long names from the left', () => {
    expect(shortName('projects/p/subscriptions/views')).toBe('views');
    expect(shortName('a-rather-long-subscription')).toBe('…-long-subscription');
    expect(shortName('/')).toBe('/');
  });

  test.each([['wide', wideLayout()], ['tall', tallLayout()]])('laid out %s it has all places, in the frame and apart from each other', (_, { width, height, places: placed, edges: lines }) => {
    expect(placed.map(({ place }) => place)).toEqual(FLOW);
    expect(lines.map(({ from, to }) => [from, to])).toEqual(FLOW.slice(1).map((to, index) => [FLOW[index], to]));
    const outside = placed.filter((it) => it.x < 0 || it.y < 0 || it.x + it.width > width || Math.max(it.y + it.height, ...it.exits.ys) > height);
    expect(outside).toEqual([]);
    const overlapping = placed.flatMap((a, index) => placed.slice(index + 1).filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height));
    expect(overlapping).toEqual([]);
  });
});

test('the distribution has a bar for every bound and one beyond; the longest is full', () => {
  expect(barsOf({ bounds: [1, 60, 120], counts: [1, 150, 0, 0], byRule: 0 })).toEqual([
    { label: plainLabel('up to 1 s'), count: '1', share: '<1 %', length: 1 / 150 },
    { label: plainLabel('1 s – 1 min'), count: '150', share: '99 %', length: 1 },
    { label: plainLabel('1 min – 2 min'), count: '0', share: '0 %', length: 0 },
    { label: plainLabel('over 2 min'), count: '0', share: '0 %', length: 0 },
  ]);
  expect(barsOf({ bounds: [1], counts: [0, 0], byRule: 0 }).map(({ share, length }) => [share, length])).toEqual([['0 %', 0], ['0 %', 0]]);
});

/** Units hang on their numbers by a thin space. */
const plainLabel = (text: string): string => text.replace(/(\d) (s|min)/g, '$1\u202f$2');

test('charts go from the first point, at least a minute back, to now; captions say the same', () => {
  const point = { at: NOW - 120_000, open: 2_000, historic: 0, receivedPerSecond: 60_000, resultsPerSecond: 20, lag: 30_000 };
  const status = statusWith({ history: { every: 5_000, points: [point] } });
  expect(linesOf(status, [({ open }) => open])).toEqual({ from: NOW - 120_000, to: NOW, at: [NOW - 120_000, NOW], values: [[2_000, 1_773]] });
  expect(linesOf(statusWith(), [({ lag }) => lag])).toMatchObject({ from: NOW - 60_000, values: [[12_000]] });
  expect(plain(captionsOf(status).lag)).toBe('Now 12 s, at most 30 s.');
  expect(plain(captionsOf(status).rates)).toBe('Now 50 000 /s read and 24 /s written; at most 60 000 /s and 24 /s.');
});

describe('the runbook', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');

  test.each(problemIds)('tells what to do about %s', (id) => {
    const section = runbookSection(runbook, id);
    expect(section.map(({ lead }) => lead)).toEqual(expect.arrayContaining(['Means', 'Look at', 'Do']));
    expect(section.flatMap(({ text }) => text.match(/[`*#]|\]\(/) ?? [])).toEqual([]);
  });

  test('has nothing to say of what it does not know', () => {
    expect(runbookSection(runbook, 'no-such-section')).toEqual([]);
  });
});

test('a session is told in sentences: where it stands, what is due, what has come of it', () => {
  const parts = sessionText({
    watermark: NOW - 12_000, taskTime: NOW,
    sessions: [{ start: NOW - 60_000, end: NOW + 60_000, mode: 'live', views: [{ page: 'Home', at: NOW - 60_000 }], arrivedAt: NOW - 2_000, panes: 1 }],
    closed: [{ start: NOW - 600_000, end: NOW - 500_000, closedAt: NOW - 400_000 }],
    earlyAt: [NOW + 10_000],
    emitted: [{ page: 'Home', entry: NOW - 60_000, seconds: 45.5, rule: 'next_view', revision: 0 }],
  }, NOW);
  expect(parts.map(({ title }) => title)).toEqual(['Open session 15:31:00 – 15:33:00 UTC', 'Early results', 'Results so far', 'Closed sessions that are remembered: an event that touches one is late']);
  expect(plain(parts[0]?.text ?? '')).toBe('It closes when the watermark passes its end. The watermark is 1 min 12 s before that. The newest event came 2.0 s ago. 1 pane so far.');
  expect(parts[0]?.rows).toEqual([['15:31:00', 'Home']]);
  expect(plain(parts[1]?.text ?? '')).toBe('due in 10 s of task time');
  expect(parts[2]?.rows.map((cells) => cells.map(plain))).toEqual([['15:31:00', 'Home', '45.5 s', 'next page view', '0']]);
});
