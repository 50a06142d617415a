import type { Diagram } from '../diagram.js';

/** How other engines answer the question that a rule answers. */
export interface Elsewhere {
  readonly beam: string;
  readonly flink: string;
  readonly kafkaStreams: string;
  readonly bytewax: string;
}

/** One rule of the semantics, as docs/semantics.md shows it. */
export interface Rule {
  /** What it is about, in a word or three: `gap`, `future event`. */
  readonly matter: string;
  /** The rule, in full sentences; flags in backticks. */
  readonly rule: string;
  readonly why: string;
  /** The first is drawn in the page; all are tests. */
  readonly shownBy: readonly [Diagram, ...Diagram[]];
  readonly elsewhere: Elsewhere;
}

export interface Section {
  readonly title: string;
  readonly rules: readonly Rule[];
}
