import type { Aggregate, Millis } from '../../operators/index.js';
import type { Taken } from '../model/sessionEvent.js';

/** Something that happened at a time. */
export interface Moment {
  readonly timestamp: Millis;
  /** Orders what happened at one instant; the same at the same time is the same moment. */
  readonly what: string;
}

/** Keeps the moments of a session by their time, never by their arrival. One that is there already adds nothing. */
export const momentsAggregate = <M extends Moment>(): Aggregate<Taken<M>, readonly M[]> => ({
  create: () => [],
  add: (moments, { kept }) => withOne(moments, kept),
  merge: (a, b) => b.reduce<readonly M[]>((moments, moment) => withOne(moments, moment) ?? moments, a),
});

const withOne = <M extends Moment>(moments: readonly M[], moment: M): readonly M[] | undefined => {
  // Almost every one is newer than all.
  let place = moments.length;
  for (let one = moments[place - 1]; one && inOrder(one, moment) > 0; one = moments[place - 1]) place -= 1;
  const before = moments[place - 1];
  return before && inOrder(before, moment) === 0 ? undefined : moments.toSpliced(place, 0, moment);
};

const inOrder = (a: Moment, b: Moment): number => a.timestamp - b.timestamp || (a.what < b.what ? -1 : Number(a.what > b.what));
