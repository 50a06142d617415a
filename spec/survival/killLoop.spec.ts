import { random } from '../../src/traffic/random.js';
import { describeWith } from '../support/requires.js';
import { SOAK_SECONDS } from '../support/soak.js';
import { usingArena, usingKafkaBehindDoor } from './arena.js';
import { DISTURBED, MISHAPS } from './mishaps.js';

const ROUNDS = SOAK_SECONDS === undefined ? 11 : 108;
const SEED = 4;

jest.setTimeout(ROUNDS * 40_000);

describeWith(['java', 'mvn', 'kcat'], 'a pipeline that dies again and again', () => {
  const broker = usingKafkaBehindDoor();
  const arena = usingArena(() => ({ kafka: broker.kafka, address: broker.door.address }));

  test(`after ${ROUNDS} mishaps in turn the topics hold what they would hold without any`, async () => {
    const chance = random(SEED);
    const stage = await arena.stage({ seed: SEED });
    arena.emulator.faults.set(stage.subscription, DISTURBED);
    await stage.feed.publish(500);
    let run = await stage.opened();
    stage.feed.go();
    await stage.pastHold();
    const mishaps = Object.entries(MISHAPS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const [name, mishap] = mishaps[round % mishaps.length]!;
      try {
        run = await mishap({ arena, door: broker.door, stage, run, chance });
        await stage.pastHold();
        await stage.progress(300);
      } catch (cause) {
        throw new Error(`round ${round}: ${name}`, { cause });
      }
    }
    expect(await stage.settled(run)).toEqual([]);
  });
});
