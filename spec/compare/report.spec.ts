import { comparisonHtml } from '../../src/compare/comparisonHtml.js';
import { comparisonText } from '../../src/compare/comparisonText.js';
import type { ComparisonReport, DifferenceReport, ResultReport } from '../../src/compare/report.js';

const side = {
  from: 'topic old', records: 12_100, with_pane: 0, unreadable: 0, results: 12_031, sessions: 400, replaced: 69, historic: 0, last_pages: 12_031,
  first_entry: '2025-01-30T15:30:00Z', last_entry: '2025-01-31T15:30:00Z', timestamp: 'entry',
} as const;

const result: ResultReport = { page: '<img src=x onerror="alert(1)">', entry: '2025-01-30T15:30:00Z', seconds: 60, window_start: null, window_end: null, revision: 1, rule: 'session_gap', historic: true, replaced_seconds: [45.5] };

const lastPages: DifferenceReport = {
  kind: 'last_page', why: 'right has no result for the last page of a session', count: 12_031, of: 12_031, accepted: true,
  left_seconds: { least: 60, most: 60 }, right_seconds: null,
  examples: [{ session_id: "s'1 & co", left: result, right: null }],
};

const report: ComparisonReport = {
  same: true, same_results: 7_890_123, left: side, right: { ...side, from: 'results.ndjson', with_pane: 12_100, historic: 3, timestamp: 'exit' },
  tolerance: { time_seconds: 1, spent_seconds: 0.001 }, differences: [lastPages], notes: ['timestamp is the entry of the page on the left and its exit on the right'],
};

const unreadable: DifferenceReport = { kind: 'unreadable', why: 'left has records that are no results', count: 2, of: null, accepted: false, left_seconds: null, right_seconds: null, examples: [{ unreadable: 'line 3: $: expected JSON, got "<b>"' }] };

test('the text tells verdict, sides, and each difference with its extent and examples', () => {
  expect(comparisonText(report)).toBe(`the same but for what is accepted: 7 890 123 results

left   topic old: 12 031 results of 400 sessions, entered 2025-01-30T15:30:00Z to 2025-01-31T15:30:00Z; 12 100 records read, 69 of them replaced by later ones; timestamp is the entry, 12 100 records without the header pane
right  results.ndjson: 12 031 results of 400 sessions, entered 2025-01-30T15:30:00Z to 2025-01-31T15:30:00Z; 12 100 records read, 69 of them replaced by later ones, 3 results historic; timestamp is the exit
note   timestamp is the entry of the page on the left and its exit on the right
       Instants at most 1 s apart, and times at most 0.001 s apart, count as the same.

last_page (accepted): right has no result for the last page of a session
  all 12 031 last pages: left 60 s constant, right none
  - s'1 & co
      left   "<img src=x onerror=\\"alert(1)\\">" at 2025-01-30T15:30:00Z: 60 s, revision 1, session_gap, historic, formerly 45.5 s
      right  none
`);
});

test('a verdict counts what is not accepted', () => {
  const measured: DifferenceReport = { ...lastPages, kind: 'boundary', why: 'so', of: null, count: 40, accepted: false, right_seconds: { least: 1.5, most: 30 } };
  const text = comparisonText({ ...report, same: false, differences: [lastPages, measured, unreadable] });
  expect(text).toContain('different: 42 differ, 7 890 123 results are the same\n');
  expect(text).toContain('\nboundary: so\n  40 results: left 60 s constant, right 1.5 s to 30 s\n');
  expect(text).toContain('\n  2 records\n  - line 3: $: expected JSON, got "<b>"\n');
  expect(comparisonText({ ...report, differences: [] })).toMatch(/^the same: 7 890 123 results\n/);
});

test('the page loads and runs nothing, whatever the titles of pages are', () => {
  const html = comparisonHtml({ ...report, differences: [lastPages, unreadable] });
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/<(script|img|link|iframe|b)\b|<[^>]*\son\w+=|https?:/);
  expect(html).toContain('&lt;img src=x onerror=\\&quot;alert(1)\\&quot;&gt;');
  expect(html).toContain('s&#39;1 &amp; co');
  expect(html).toContain('all 12 031 last pages: left 60 s constant, right none');
});
