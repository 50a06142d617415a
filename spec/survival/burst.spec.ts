import { describeWith } from '../support/requires.js';
import { SOAK_SECONDS } from '../support/soak.js';
import { usingArena, usingKafkaBehindDoor } from './arena.js';
import { burst } from './load.js';

const SESSIONS = SOAK_SECONDS === undefined ? 30_000 : 200_000;

jest.setTimeout(300_000);

describeWith(['java', 'mvn', 'kcat'], 'an epoch of any size', () => {
  const broker = usingKafkaBehindDoor();
  const arena = usingArena(() => ({ kafka: broker.kafka, address: broker.kafka.brokers }));

  test(`one event closes ${SESSIONS} sessions, and all of it commits`, async () => {
    const stage = await arena.stage();
    const run = await stage.opened();
    await stage.feed.send(burst(SESSIONS));
    expect(await stage.settled(run)).toEqual([]);
  });
});
