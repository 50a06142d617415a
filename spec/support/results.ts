import type { Result } from '../../src/model/outcome.js';
import { PageTime } from '../../src/model/pageTime.js';

/** A result of pages viewed. */
export type PageResult = Result<PageTime>;

const isPageResult = (result: Result): result is PageResult => result.emitted.value instanceof PageTime;

/** All of them, for a spec in which no other product runs. */
export const pageResults = (results: readonly Result[]): readonly PageResult[] => {
  const those = results.filter(isPageResult);
  if (those.length < results.length) throw new Error('another product runs');
  return those;
};

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
} = {}): PageResult {
  const key = change.session ?? '1234567890.1738286883';
  const entry = change.entry ?? Date.parse('2025-01-30T15:30:00Z');
  return {
    emitted: {
      _tag: 'Emitted',
      key,
      revision: change.revision ?? 0,
      value: new PageTime(change.page ?? 'Home Page', entry, change.timeSpent ?? 45_500, 'next_view', entry + 45_500, change.extra),
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
