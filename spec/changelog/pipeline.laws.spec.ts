import * as fc from 'fast-check';
import { pagesViewed } from '../../src/products/pagesViewed.js';
import { messageOf, rulesWith, type Changes } from '../pipeline/play.js';
import { views } from '../runtime/traffic.js';
import { Changelog, PipelineRun } from './pipelineRun.js';
import { SMALL } from './history.js';

const rules = fc.record({
  windows: fc.record({
    allowedLateness: fc.constantFrom(0, 45_000), historic: fc.constantFrom('process' as const, 'late' as const),
    earlyTrigger: fc.constantFrom(undefined, 5_000, 30_000), closedSessionMemory: fc.constantFrom(20_000, 600_000),
  }),
  outputFields: fc.constantFrom([], ['device'] as const),
});

const run = (changelog: Changelog, instance: string, changes: Changes) => {
  const all = rulesWith(changes);
  return new PipelineRun(changelog, instance, pagesViewed(all), all, SMALL);
};

describe('a pipeline restored from its changelog', () => {
  test('goes on as if nothing had happened: results, refusals and counts, from restarts at any points, with all that was trimmed gone', () => {
    let trims = 0;
    fc.assert(
      fc.property(views, rules, fc.uniqueArray(fc.nat(39), { maxLength: 3 }), (sent, changes, restarts) => {
        const undisturbed = run(new Changelog(), 'undisturbed', changes);
        const changelog = new Changelog();
        let disturbed = run(changelog, 'first', changes);
        sent.forEach((view, place) => {
          if (restarts.includes(place)) disturbed = run(changelog, `from message ${place}`, changes);
          const message = messageOf({ ...view, fields: { device: view.page ?? 'phone' } });
          const pinned = place % 5 === 0;
          expect({ place, out: disturbed.process(message, { pinned }) }).toEqual({ place, out: undisturbed.process(message, { pinned }) });
        });
        if (changelog.trimBelow > 0n) trims += 1;
      }),
      { numRuns: 100 },
    );
    expect(trims).toBeGreaterThan(50);
  });
});
