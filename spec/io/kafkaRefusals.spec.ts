import { FORMAT, frame, type Framed, type ChangelogRecord } from '../../src/changelog/changelogRecord.js';
import { kafkaPort } from '../../src/io/kafkaPort.js';
import { SMALL, written, type Step } from '../changelog/history.js';
import { fixture, recordsOf } from '../changelog/fixtures.js';
import { shown } from '../changelog/shown.js';
import { BROKER_START, ownBroker, type OwnBroker } from '../support/kafkaBroker.js';
import { readByKcat } from '../support/kafkaRecords.js';
import { describeWith } from '../support/requires.js';
import { Instance, done, failure, type InstanceOptions } from './kafkaCheckpointHarness.js';

jest.setTimeout(60_000);

type Kept = Omit<ChangelogRecord, 'key'> & { readonly key: string };

const step = (...keys: readonly string[]): Step => ({ changes: keys.map((key, value) => ({ part: 'sessions', key, value })), ids: [], memory: 1, then: 'go on' });

/** An owner and three epochs of several records each. */
const { log } = written([step('a'), step('a', 'b', 'c', 'd', 'e', 'f', 'g'), step('h')], { ...SMALL, leastBetweenSweeps: Infinity });
const WHOLE: readonly Kept[] = log.map(({ key, value, headers }) => ({ key: key ?? '', value, headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text ?? ''])) }));
const without = (epoch: string, part = /./): readonly Kept[] => WHOLE.filter(({ headers }) => headers['epoch'] !== epoch || !part.test(headers['part'] ?? ''));
/** Where a record stands, by its epoch and part. */
const placeOf = (records: readonly Kept[], epoch: string, part: RegExp): number => records.findIndex(({ headers }) => headers['epoch'] === epoch && part.test(headers['part'] ?? ''));
const HEAD = Buffer.concat(WHOLE.filter(({ headers }) => headers['epoch'] === '1').map(({ value }) => value)).toString().split('\n')[0];
const framed = (change: Partial<Framed>, value: string): Kept => frame({ kind: 'epoch', format: FORMAT, owner: 'instance-0', epoch: 4, part: 1, parts: 1, ...change }, Buffer.from(value));

describeWith(['java', 'mvn', 'kcat'], 'a changelog on a broker', () => {
  let kafka: OwnBroker;
  let job: string;
  const instances: Instance[] = [];

  beforeAll(async () => {
    kafka = await ownBroker();
  }, BROKER_START);
  afterAll(() => kafka.stop());
  beforeEach(async () => {
    job = `spec-${Math.random().toString(36).slice(2)}`;
    await kafka.createTopics({ topic: `${job}-results` }, { topic: `${job}-refused` });
  });
  afterEach(() => Promise.all(instances.splice(0).map((it) => it.close())));

  const instance = (options: Partial<InstanceOptions> = {}): Instance => {
    const made = new Instance({ broker: kafka.brokers, job, ...options });
    instances.push(made);
    return made;
  };

  /** As if a run of this job had left it. */
  const leave = async (records: readonly Kept[]): Promise<void> => {
    await done(instance().checkpoint.open());
    const producer = await kafkaPort({ brokers: [kafka.brokers], log: () => undefined }).producer();
    for (const record of records) await producer.send({ topic: `${job}-changelog`, partition: 0, records: [{ ...record, placement: '' }] });
    await producer.close();
  };

  test('that is whole restores', async () => {
    await leave(WHOLE);
    expect((await instance().start()).state).toMatchObject({ epoch: 3 });
  });

  test.each([
    { name: 'lacks an epoch', records: without('2'), fault: 'gap', at: placeOf(without('2'), '3', /^1/), advice: 'lost records' },
    { name: 'lacks the middle of an epoch', records: without('2', /^2/), fault: 'incomplete', at: placeOf(without('2', /^2/), '2', /^3/), advice: 'lost records' },
    { name: 'lacks the end of its last epoch', records: WHOLE.slice(0, -1), fault: 'incomplete', at: WHOLE.length - 1, advice: 'pages-viewed state reset' },
    { name: 'has an epoch twice', records: [...WHOLE, ...WHOLE.slice(placeOf(WHOLE, '3', /^1/))], fault: 'gap', at: WHOLE.length, advice: 'lost records' },
    { name: 'has a record that is not as it was written', records: WHOLE.map((record, place) => (place === 1 ? { ...record, value: Buffer.concat([record.value.subarray(1), record.value.subarray(0, 1)]) } : record)), fault: 'corrupt', at: 1, advice: 'damaged' },
    { name: 'has a line that means nothing', records: [...WHOLE, framed({}, `${HEAD}\n["x"]\n`)], fault: 'corrupt', at: WHOLE.length, advice: 'damaged' },
    { name: 'is of a later format', records: [...WHOLE, framed({ format: FORMAT + 1 }, '{}\n')], fault: 'newer_format', at: WHOLE.length, advice: 'run the version that wrote it' },
    { name: 'has a record of another kind', records: [...WHOLE, framed({ kind: JSON.parse('"snapshot"') }, '{}\n')], fault: 'unknown_kind', at: WHOLE.length, advice: 'another program' },
    { name: 'has an epoch of an instance that never took it over', records: [...WHOLE, framed({ owner: 'who' }, '{}\n')], fault: 'stranger', at: WHOLE.length, advice: 'another program' },
  ])('that $name is refused with advice, and left as it is', async ({ records, fault, at, advice }) => {
    await leave(records);
    const refusal = await failure(instance().start());
    expect(refusal).toMatchObject({ name: 'ChangelogRefusal', fatal: true, fault, offset: BigInt(at), advice: expect.stringContaining(advice), message: expect.stringContaining(advice) });
    const now = await readByKcat(kafka.brokers, `${job}-changelog`);
    expect(now.slice(0, records.length).map(({ value }) => value)).toEqual(records.map(({ value }) => value.toString()));
    // That somebody has tried is written beside the reading, so it may have come too late.
    expect([[], ['owner']]).toContainEqual(now.slice(records.length).map(({ key }) => key));
  });

  test('of an older format is restored, gone on with in that of today, and restored again', async () => {
    await leave(recordsOf('v1.ndjson'));
    const settings = { product: 'time_on_page', window_size: 60 };
    const first = instance({ settings });
    const { state } = await first.start();
    expect(shown(state)).toEqual(JSON.parse(fixture('v1.state.json')));
    await first.commit({ session: 's', page: 'A', at: 2_000, id: 'new' });
    const formats = (await readByKcat(kafka.brokers, `${job}-changelog`)).filter(({ key }) => key === 'epoch').map(({ headers }) => headers['format']);
    expect(new Set(formats)).toEqual(new Set(['1', `${FORMAT}`]));
    expect((await instance({ settings }).start()).state?.epoch).toBe((state?.epoch ?? 0) + 1);
  });
});
