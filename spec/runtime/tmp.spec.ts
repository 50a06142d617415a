import { Rig } from './rig.js';
test('x', () => {
  const rig = new Rig({ }).start();
  rig.view({ at: -6, published: 2 });
  const out: unknown[] = [];
  for (let i = 0; i < 10; i++) { const t = performance.now(); rig.pass(30); out.push([rig.now, Math.round(performance.now() - t), (rig as any).timers.actions.length, rig.journal.length]); }
  const unsub = (rig as any).hand.events$;
  out.push(unsub.observers.length);
  rig.hand.end();
  console.log(out.join(' | '), rig.outcome);
});
