import * as fc from 'fast-check';
import { views } from './traffic.js';
import { Rig } from './rig.js';
test('x', () => {
  const log: unknown[] = [];
  const sample = fc.sample(views, { numRuns: 5, seed: 1 });
  for (const sent of sample) {
    const rig = new Rig({ clock: 'recorded' }).start();
    for (const view of sent) { const t = performance.now(); rig.view(view); rig.pass(1); const d = performance.now() - t; if (d > 50) log.push([d, view]); if (d > 3000) break; }
    rig.hand.end();
  }
  console.log(log.slice(0, 10), sample[0]);
}, 50000);
