import { ChangelogRefusal } from '../../src/changelog/changelogRefusal.js';
import { FORMAT, frame, type Framed, type StoredRecord } from '../../src/changelog/changelogRecord.js';
import { MOST_OWNERS } from '../../src/changelog/changelogReader.js';
import { ownerRecord } from '../../src/changelog/owner.js';
import { pagesViewedCodec } from '../../src/products/pagesViewedCodec.js';
import { SMALL, restore, written, type Step } from './history.js';

const quiet = (then: Step['then'] = 'go on'): Step => ({ changes: [{ part: 'sessions', key: 'a', value: 1 }], ids: [], memory: 1, then });
/** One record an epoch, no sweeps but after a restart. */
const LARGE = { ...SMALL, record: 10_000, leastBetweenSweeps: Infinity };
const log = (...thens: readonly Step['then'][]): StoredRecord[] => [...written(thens.map(quiet), LARGE).log];

const refusal = (records: readonly StoredRecord[], isTrimmed = false): ChangelogRefusal => {
  try {
    restore(records, isTrimmed);
  } catch (thrown) {
    if (thrown instanceof ChangelogRefusal) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
};

const stored = (framed: Partial<Framed>, value: string, offset = 99n): StoredRecord => ({
  ...frame({ kind: 'epoch', format: FORMAT, owner: 'instance-0', epoch: 3, part: 1, parts: 1, ...framed }, Buffer.from(value)), offset,
});

describe('what a changelog holds', () => {
  test('an empty one, or one that only owners have written to, has no state', () => {
    expect(restore([])).toMatchObject({ state: undefined, settings: undefined, parked: false, owners: [] });
    expect(restore(log())).toMatchObject({ state: undefined, settings: undefined, parked: false, owners: [{ instance: 'instance-0', takeover: 1 }] });
  });

  test('it tells the newest epoch and the settings it was computed with', () => {
    const restored = restore(log('go on', 'go on'));
    expect(restored).toMatchObject({ state: { epoch: 2 }, settings: { window_size: 60 }, dropped: 0 });
    expect(restored.state?.as(pagesViewedCodec)).toMatchObject({ epoch: 2, taskTime: 1_002_000 });
  });

  test.each([
    { name: 'a run that parked, before anybody else has started', records: log('go on', 'park and restart').slice(0, -1), parked: true },
    { name: 'a run that parked, and the one that starts now', records: log('go on', 'park and restart'), parked: true },
    { name: 'a run that was killed', records: log('go on', 'restart'), parked: false },
    { name: 'a run that started after a park and committed', records: log('park and restart', 'go on'), parked: false },
    { name: 'a run that started after a park and was killed before it committed', records: [...log('park and restart'), { ...ownerRecord({ instance: 'next', takeover: 1, startedAt: 1, host: 'node-1', pid: 1 }), offset: 50n }], parked: false },
  ])('parked is $parked after $name', ({ records, parked }) => {
    expect(restore(records).parked).toBe(parked);
  });

  test('it names its last owners, in order, and not more than a few', () => {
    const names = Array.from({ length: 20 }, (_, n) => `owner-${n}`);
    const records = names.map((instance, n) => ({ ...ownerRecord({ instance, takeover: 1, startedAt: n, host: 'node-1', pid: 1 }), offset: BigInt(n) }));
    expect(restore(records).owners.map(({ instance }) => instance)).toEqual(names.slice(-MOST_OWNERS));
  });

  test('an owner may take it over again, from itself or from another', () => {
    const [first, one, second] = [...log('restart')];
    expect(restore([first!, one!, second!, { ...first!, offset: 9n }, stored({ epoch: 2 }, one!.value.toString())]).state?.epoch).toBe(2);
  });
});

describe('what is refused', () => {
  const [owner, one, two] = log('go on', 'go on');
  const third = (framed: Partial<Framed>, value = two!.value.toString()): readonly StoredRecord[] => [owner!, one!, two!, stored(framed, value)];

  test.each([
    { name: 'a later format', records: third({ format: FORMAT + 1 }), fault: 'newer_format', says: /offset 99 .*format 3/ },
    { name: 'no format', records: third({ format: NaN }), fault: 'corrupt', says: /without a format/ },
    { name: 'a format that never was', records: third({ format: 0 }), fault: 'corrupt', says: /format/ },
    { name: 'a checksum that is another', records: [owner!, { ...one!, value: Buffer.from('x') }], fault: 'corrupt', says: /checksum/ },
    { name: 'no headers', records: [{ ...owner!, headers: {} }], fault: 'corrupt', says: /offset 0/ },
    { name: 'a record of another kind', records: [{ ...stored({ kind: JSON.parse('"snapshot"') }, ''), offset: 7n }], fault: 'unknown_kind', says: /offset 7 .*"snapshot"/ },
    { name: 'a missing epoch', records: third({ epoch: 4 }), fault: 'gap', says: /part 1 of epoch 4 follows epoch 2/ },
    { name: 'an epoch that is there twice', records: third({ epoch: 2 }), fault: 'gap', says: /epoch 2 follows epoch 2/ },
    { name: 'an epoch without its first part', records: third({ part: 2, parts: 2 }), fault: 'gap', says: /part 2 of epoch 3/ },
    { name: 'an epoch without its last part, at the end', records: third({ parts: 2 }), fault: 'incomplete', says: /at its end epoch 3 has ended after 1 of its 2/ },
    { name: 'an epoch without its last part, before the next', records: [...third({ parts: 2 }), stored({ epoch: 4 }, two!.value.toString(), 101n)], fault: 'incomplete', says: /offset 101 epoch 3/ },
    { name: 'an epoch without its last part, before an owner', records: [...third({ parts: 2 }), { ...owner!, offset: 101n }], fault: 'incomplete', says: /offset 101 epoch 3/ },
    { name: 'an epoch that ends within a line', records: third({}, `${two!.value.toString()}["i"`), fault: 'corrupt', says: /within a line/ },
    { name: 'an entry of another shape', records: third({}, `${two!.value.toString()}["x"]\n`), fault: 'corrupt', says: /offset 99/ },
    { name: 'a head of another shape', records: third({}, '{}\n'), fault: 'corrupt', says: /taskTime/ },
    { name: 'an owner of another shape', records: third({ kind: 'owner' }, '{}'), fault: 'corrupt', says: /owner/ },
    { name: 'an instance that never took it over', records: third({ owner: 'who' }), fault: 'stranger', says: /by who.* instance-0/ },
    { name: 'a beginning that is missing', records: [two!], fault: 'truncated', says: /before epoch 2/ },
  ])('$name', ({ records, fault, says }) => {
    const error = refusal(records);
    expect(error.fault).toBe(fault);
    expect(error.message).toMatch(says);
    expect(error.message).toContain(error.advice);
    expect(error.fatal).toBe(true);
  });

  test('a changelog whose beginning was deleted and that has no epoch left: it is not a new one', () => {
    expect(refusal([owner!], true).fault).toBe('truncated');
  });

  /** Eight keys, then a start, whose sweep takes a few epochs, then `then`. */
  const sweeping = (...then: readonly Step[]) => {
    const eight: Step = { ...quiet('restart'), changes: Array.from('abcdefgh').map((key) => ({ part: 'sessions', key, value: 1 })) };
    const history = written([eight, ...then], { ...LARGE, piece: 80 });
    return { ...history, from: (epoch: number) => history.log.slice(history.epochOf.indexOf(epoch)) };
  };

  test('a sweep whose first piece is missing makes no state whole', () => {
    const history = sweeping(...Array<Step>(12).fill(quiet()));
    expect(restore(history.from(2), true).state?.epoch).toBe(13);
    expect(refusal(history.from(3), true)).toMatchObject({ fault: 'truncated' });
  });

  test('a sweep whose last piece is missing makes no state whole, and the next one does', () => {
    const history = sweeping(quiet(), quiet('restart'), ...Array<Step>(12).fill(quiet()));
    expect(restore(history.from(2), true).state?.epoch).toBe(15);
    expect(refusal(history.from(2).slice(0, 4), true)).toMatchObject({ fault: 'truncated' });
  });
});
