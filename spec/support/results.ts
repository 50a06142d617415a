import type { Result } from '../../src/model/pageTime.js';

/** The result of the documented sample; `change` replaces what a spec is about. */
export function sampleResult(change: {
  readonly session?: string;
  readonly page?: string;
  readonly entry?: number;
  readonly timeSpent?: number;
  readonly revision?: number;
  readonly extra?: Readonly<Record<string, string | null>>;
  readonly pane?: Partial<Result['emitted']['pane']>;
  readonly processingTime?: number;
} = {}): Result {
  const key = change.session ?? '1234567890.1738286883';
  const entry = change.entry ?? Date.parse('2025-01-30T15:30:00Z');
  return {
    emitted: {
      _tag: 'Emitted',
      key,
      revision: change.revision ?? 0,
      value: {
        page: change.page ?? 'Home Page',
        entry,
        timeSpent: change.timeSpent ?? 45_500,
        rule: 'next_view',
        elementTimestamp: entry + 45_500,
        ...(change.extra && { extra: change.extra }),
      },
      pane: {
        _tag: 'Pane',
        key,
        window: { start: entry, end: entry + 105_500 },
        value: undefined,
        timing: 'EARLY',
        index: 0,
        isFirst: true,
        isLast: false,
        historic: false,
        forced: false,
        ...change.pane,
      },
    },
    processingTime: change.processingTime ?? Date.parse('2025-01-30T15:31:00Z'),
  };
}
