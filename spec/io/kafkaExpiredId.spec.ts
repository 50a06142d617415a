import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { shown } from '../changelog/shown.js';
import { Instance, done, failure } from './kafkaCheckpointHarness.js';

jest.setTimeout(60_000);

/** Brokers forget an id that has rested for a week, and look for such ones every hour; this one does so after a second, and looks all the time. */
const FORGETFUL = ['transactional.id.expiration.ms=1000', 'transaction.remove.expired.transaction.cleanup.interval.ms=200'];
const REST = 4_000;

describeWith(['java', 'mvn', 'kcat'], 'a transactional id that the brokers have forgotten', () => {
  let kafka: OwnBroker;

  beforeAll(async () => {
    kafka = await ownBroker(FORGETFUL);
    await kafka.createTopics({ topic: 'job-results' }, { topic: 'job-refused' });
  }, BROKER_START);
  afterAll(() => kafka.stop());

  test('is no takeover: the same instance commits the same epoch once, and goes on', async () => {
    const ours = new Instance({ broker: kafka.brokers, job: 'job' });
    await ours.start();
    await ours.commit({ session: 's', page: 'A', at: 0, id: '1' }, { session: 's', page: 'B', at: 5, id: '2' });
    await new Promise((resolve) => setTimeout(resolve, REST));

    ours.process({ session: 't', page: 'X', at: 200, id: '3' });
    const commit$ = ours.cut();
    expect(await failure(done(commit$))).toMatchObject({ name: 'KafkaError', kind: 'expired_id', fatal: false });
    await done(commit$);
    await ours.commit({ session: 't', page: 'Y', at: 205, id: '4' });

    const records = await readByKcat(kafka.brokers, 'job-changelog');
    expect(records.filter(({ key }) => key === 'epoch').map(({ headers }) => headers['epoch'])).toEqual(['1', '2', '3']);
    expect((await readByKcat(kafka.brokers, 'job-results')).map(({ value }) => /"page":"([^"]*)"/.exec(value)?.[1])).toEqual(['A', 'B']);
    await ours.close();

    const next = new Instance({ broker: kafka.brokers, job: 'job' }, ours);
    expect(shown((await next.start()).state)).toEqual(shown(next.live.committed()));
    await next.close();
  });
});
