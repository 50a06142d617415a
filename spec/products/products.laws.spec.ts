import * as fc from 'fast-check';
import type { SessionEvent } from '../../src/model/sessionEvent.js';
import { checkout } from '../../src/products/checkout.js';
import type { Product } from '../../src/products/product.js';
import { productsViewed } from '../../src/products/productsViewed.js';
import { SMALL } from '../changelog/history.js';
import { Changelog, PipelineRun } from '../changelog/pipelineRun.js';
import { rulesWith, type Changes } from '../pipeline/play.js';
import { anyEvents, done, shopped, told } from './shop.js';

const changes = fc.record({
  windows: fc.record({ allowedLateness: fc.constantFrom(0, 45_000), earlyTrigger: fc.constantFrom(undefined, 5_000, 30_000), closedSessionMemory: fc.constantFrom(20_000, 600_000) }),
});

const laws = <E extends SessionEvent, M extends { readonly timestamp: number }, A>(product: Product<E, M, A>) => {
  const events = anyEvents(product.eventNames);

  test('law: what is told in the end does not depend on the order of arrival', () => {
    const patient: Changes = { windows: { maxOutOfOrderness: 3_600_000, maxFutureSkew: 3_600_000, earlyTrigger: undefined } };
    const shuffled = events.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const results = (sent: typeof all) => [...told(shopped(product, sent.map((it, n) => ({ ...it, published: n, id: `${n}` })), patient).results, { final: true })].map((it) => JSON.stringify(it)).sort();
        expect(results(other)).toEqual(results(all));
      }),
      { numRuns: 300 },
    );
  });

  test('law: restored from its changelog at any point it goes on as if nothing had happened', () => {
    let results = 0;
    fc.assert(
      fc.property(events, changes, fc.uniqueArray(fc.nat(39), { maxLength: 3 }), (all, change, restarts) => {
        const run = (changelog: Changelog, instance: string) => new PipelineRun(changelog, instance, product, rulesWith(change), SMALL);
        const undisturbed = run(new Changelog(), 'undisturbed');
        const changelog = new Changelog();
        let disturbed = run(changelog, 'first');
        all.forEach((event, place) => {
          if (restarts.includes(place)) disturbed = run(changelog, `from message ${place}`);
          const message = done({ ...event, published: 15 * place, id: `${place}` });
          const out = undisturbed.process(message);
          expect({ place, out: disturbed.process(message) }).toEqual({ place, out });
          if (JSON.stringify(out).includes('"revision"')) results += 1;
        });
      }),
      { numRuns: 60 },
    );
    expect(results).toBeGreaterThan(50);
  });

  test('law: what a session has accumulated comes back from the changelog, and so does what was told of it', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { codec, results } = product;
        shopped({ ...product, results: (pane) => {
          const again = codec.accumulatorOf(codec.accumulatorText(pane.value), (it) => it);
          expect(again).toEqual(pane.value);
          for (const outcome of results(pane)) {
            const members: unknown[] = JSON.parse(JSON.stringify(outcome.written()));
            expect(codec.outcomeOf(members, (it) => it)).toEqual(outcome);
          }
          return results(pane);
        } }, all.map((it, n) => ({ ...it, id: `${n}` })));
      }),
      { numRuns: 100 },
    );
  });

  test.each(['{}', '[1]', '[["soon"]]', '[[1]]', 'null'])('what has another shape is refused: %s', (text) => expect(() => product.codec.accumulatorOf(text, (it) => it)).toThrow());
};

describe('products viewed', () => laws(productsViewed));
describe('checkout', () => laws(checkout));
