export interface Sample {
  /** Since the beginning. */
  readonly seconds: number;
  /** Bytes in use after a garbage collection. */
  readonly heap: number;
  /** Bytes that the system counts. */
  readonly resident: number;
  /** Events in open sessions. */
  readonly held: number;
}

/** By how much a figure grows in an hour: the median of the slopes between any two samples (Theil and Sen), which single outliers do not move. */
export const slopeAnHour = (samples: readonly Sample[], of: (sample: Sample) => number): number => {
  const slopes = samples.flatMap((a, place) => samples.slice(place + 1).map((b) => (of(b) - of(a)) / (b.seconds - a.seconds)));
  return (slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? NaN) * 3_600;
};
