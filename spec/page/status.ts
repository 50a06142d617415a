import type { Problem, Status } from '../../src/status/status.js';

export const NOW = Date.UTC(2025, 0, 30, 15, 32, 0);

/** The status of a run that is well, with what a test changes of it. */
export const statusWith = (changes: Partial<Status> = {}): Status => ({
  version: '0.1.0', job: 'views', now: NOW, startedAt: NOW - 60_000, phase: 'running', valuesShown: false, problems: [],
  source: { kind: 'pubsub', name: 'projects/p/subscriptions/a-rather-long-subscription', isOpen: true, losses: 0, cause: null, waiting: 3, held: 5, limit: 30_000 },
  sink: { kind: 'kafka', name: 'pages-viewed', deadLetters: 'pages-viewed.dead-letter' },
  edges: [
    { from: 'source', to: 'messages', unit: 'messages', count: 1_234_567, perSecond: 50_000.4 },
    { from: 'validate', to: 'deadLetters', unit: 'events', reason: 'invalid', count: 12, perSecond: 0.3 },
    { from: 'sessionWindow', to: 'duplicates', unit: 'events', count: 7, perSecond: 0 },
    { from: 'dedupeEmitted', to: 'sink', unit: 'results', count: 0, perSecond: 0 },
  ],
  time: { watermark: NOW - 12_000, isAtEnd: false, lag: 12_000, taskTime: NOW, standstill: [], publishedToCommitted: 340 },
  sessions: { open: 1_773, historic: 160, remembered: 20, views: 5_684 },
  results: {
    count: 9, revisions: 1, perSecond: 24, panes: { EARLY: 1, ON_TIME: 2, LATE: 0 },
    timeOnPage: { bounds: [1, 60, 120], counts: [1, 150, 0, 0], byRule: 1 }, latest: [],
  },
  deadLetters: [],
  commits: { epochs: 4, lastTook: 43.6, age: 672, pending: 0, failures: 0, failure: null, restarts: 0, uncommitted: 0, checkpoint: 'memory', stateBytes: null },
  history: { every: 5_000, points: [] },
  settings: [],
  ...changes,
});

export const problem = (id: string, level: Problem['level']): Problem => ({ id, level, text: `${id} for 42 s.` });
