import { explainSession } from '../../src/explain/explainSession.js';
import { explanationText } from '../../src/explain/explanationText.js';
import { pagesViewed } from '../../src/products/pagesViewed.js';
import { productFlow } from '../../src/flow.js';
import { MessageIds } from '../../src/runtime/messageIds.js';
import { PipelineStore, type PipelineCut, type PipelineSnapshot } from '../../src/pipelineState.js';
import { NO_REFERENCE_DATA } from '../../src/model/referenceData.js';
import type { Visits } from '../../src/model/visits.js';
import { Task } from '../../src/runtime/task.js';
import { recordedClock } from '../../src/runtime/taskClock.js';
import { messageOf, RULES, type View } from '../pipeline/play.js';

const product = pagesViewed({ results: { lastPage: 'gap', earlyLastPage: false }, enrichment: { reference: () => NO_REFERENCE_DATA, outputFields: [] } });

/** The state of a pipeline that has had these views. */
const after = (...views: readonly View[]) => {
  const task = new Task<PipelineSnapshot<Visits>, PipelineCut<Visits>>(productFlow(product, RULES), { clock: recordedClock(), ids: new MessageIds(), poisoned: () => undefined }, undefined);
  task.running$.subscribe();
  for (const view of views) task.process(messageOf(view));
  const delta = task.cut(1)!.delta;
  const store = new PipelineStore<Visits>();
  store.apply(delta.flow);
  return { taskTime: delta.taskTime, flow: store.snapshot() };
};

const ann = (page: string, at: number, published = at): View => ({ session: 'ann', page, at, published });
const bob = (at: number): View => ({ session: 'bob', at });

test('of an open session: what it holds, what it has told, and what it waits for', () => {
  expect(explainSession(after(ann('Home', 0), ann('Shop', 20), bob(31), ann('Cart', 35)), 'ann', product.codec)).toMatchObject({
    session_id: 'ann',
    task_time: '2025-01-30T15:30:35Z',
    watermark: '2025-01-30T15:30:25Z',
    open: [{
      window: { start: '2025-01-30T15:30:00Z', end: '2025-01-30T15:31:35Z' }, mode: 'live', events: 3, pane_index: 1, unseen: true,
      visits: [{ title: 'Home' }, { title: 'Shop' }, { title: 'Cart' }],
      results: [{ page: 'Home', time_spent_seconds: 20, revision: 0 }],
      early_result_at: '2025-01-30T15:31:05Z',
      waits_for: 'the watermark to reach 2025-01-30T15:31:35Z, 70 s ahead',
    }],
    closed: [],
  });
});

test('of a closed one: what would be late; of old events: that the clock closes them', () => {
  const state = after(ann('Home', 0), bob(90), ann('Old', -3_600, 95));
  const explanation = explainSession(state, 'ann', product.codec)!;
  expect(explanation).toMatchObject({
    open: [{ mode: 'historic', waits_for: expect.stringContaining('nothing but the clock') }],
    closed: [{ window: { start: '2025-01-30T15:30:00Z', end: '2025-01-30T15:31:00Z' }, closed_at: '2025-01-30T15:31:30Z' }],
  });
  expect(explanationText(explanation, 'shop')).toContain(`
time       0s            1h
events     Old
sessions   open[0s..1m)  closed[1h..1h1m)
watermark                1h1m20s
`);
});

test('of one that is not known: nothing', () => {
  expect(explainSession(after(bob(0)), 'ann', product.codec)).toBeUndefined();
});
