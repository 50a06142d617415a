import { BROKER_START, ownCluster, type OwnCluster } from '../support/kafkaBroker.js';
import { describeWith } from '../support/requires.js';
import { usingArena } from './arena.js';

jest.setTimeout(240_000);

describeWith(['java', 'mvn', 'kcat'], 'three brokers', () => {
  let cluster: OwnCluster;
  beforeAll(async () => {
    cluster = await ownCluster();
  }, BROKER_START);
  afterAll(() => cluster.stop());
  const arena = usingArena(() => ({ kafka: cluster, address: cluster.brokers }));

  test('die and come back in turn, and leaders move each time: no record is doubled or lost', async () => {
    const stage = await arena.stage();
    const run = await stage.opened();
    stage.feed.go();
    await stage.progress(300);
    for (const node of cluster.nodes) {
      await node.kill();
      await stage.progress(500);
      await node.restart();
      await stage.progress(500);
    }
    expect(await stage.settled(run)).toEqual([]);
  });
});
