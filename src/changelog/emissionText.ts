import type { Emission, KeyedEmissions } from '../../operators/index.js';
import type { Outcome } from '../model/outcome.js';
import type { Interning } from './interning.js';
import type { ProductCodec } from './productCodec.js';
import type { Scanner } from './scanner.js';
import { list, number, text } from './shape.js';

type Reading = Pick<ProductCodec<unknown>, 'outcomeOf'>;

/** What was emitted of a session as a changelog has it, read each time that somebody asks: most of it is forgotten unread. */
class WrittenEmissions implements Iterable<KeyedEmission> {
  constructor(
    readonly text: string,
    private readonly codec: Reading,
    private readonly intern: Interning,
  ) {}

  *[Symbol.iterator](): Generator<KeyedEmission, void> {
    for (const emission of list(JSON.parse(this.text))) yield emissionOf(list(emission), this.codec, this.intern);
  }
}

type KeyedEmission = readonly [string, Emission<Outcome>];

/** `[[0, revision, start, end, …], …]`, the rest being the outcome's own. An identity that does not follow from that stands in the place of the 0. */
export const emissionsText = (emissions: KeyedEmissions<Outcome>): string =>
  emissions instanceof WrittenEmissions ? emissions.text : JSON.stringify(Array.from(emissions, emissionText));

/** What follows a key, to the end of the line. */
export const emissionsOf = (value: Scanner, codec: Reading, intern: Interning): KeyedEmissions<Outcome> => new WrittenEmissions(value.rest(']'.length), codec, intern);

const emissionText = ([identity, { value, revision, window }]: KeyedEmission): unknown => [
  identity === value.identity() ? 0 : identity, revision, window.start, window.end, ...value.written(),
];

const emissionOf = ([identity, revision, start, end, ...members]: readonly unknown[], { outcomeOf }: Reading, intern: Interning): KeyedEmission => {
  const value = outcomeOf(members, intern);
  return [identity === 0 ? value.identity() : text(identity), { value, revision: number(revision), window: { start: number(start), end: number(end) } }];
};
