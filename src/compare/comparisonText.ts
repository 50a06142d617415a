import type { ComparisonReport, DifferenceReport } from './report.js';
import { exampleText, extent, sideText, verdict } from './words.js';

/** A comparison for eyes. */
export const comparisonText = (report: ComparisonReport): string => {
  const { left, right, tolerance, differences, notes } = report;
  return [
    verdict(report), '',
    `left   ${sideText(left)}`,
    `right  ${sideText(right)}`,
    ...notes.map((note) => `note   ${note}`),
    `       Instants at most ${tolerance.time_seconds} s apart, and times at most ${tolerance.spent_seconds} s apart, count as the same.`,
    ...differences.flatMap(differenceLines), '',
  ].join('\n');
};

const differenceLines = (difference: DifferenceReport): readonly string[] => [
  '', `${difference.kind}${difference.accepted ? ' (accepted)' : ''}: ${difference.why}`,
  `  ${extent(difference)}`,
  ...difference.examples.flatMap((example) => {
    const { session, left, right } = exampleText(example);
    return [`  - ${session}`, ...(left === '' ? [] : [`      left   ${left}`, `      right  ${right}`])];
  }),
];
