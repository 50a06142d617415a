import * as fc from 'fast-check';
import { Ledger, accountOf, unaccounted } from '../../src/runtime/conservation.js';
import { Rig, expectConserved } from './rig.js';
import { views } from './traffic.js';

describe('conservation', () => {
  test('what is received is a duplicate, a dead letter, held or closed', () => {
    const ledger = new Ledger();
    for (let n = 0; n < 7; n += 1) ledger.receive();
    ledger.duplicate();
    ledger.deadLetter('late');
    ledger.deadLetter('late');
    ledger.contradiction();
    const counts = accountOf(ledger.tally(), { duplicates: 1, held: 1, closed: 2 });
    expect(counts).toEqual({ received: 7, duplicates: 2, deadLetters: { late: 2 }, held: 1, closed: 2, contradictions: 1 });
    expect(unaccounted(counts)).toBe(0);
    expect(unaccounted({ ...counts, received: 8 })).toBe(1);
  });

  test('a ledger goes on from what was committed, and does not write in it', () => {
    const committed = new Ledger();
    committed.receive();
    committed.deadLetter('late');
    const tally = committed.tally();
    const next = new Ledger(tally);
    next.receive();
    next.deadLetter('late');
    expect(tally).toMatchObject({ received: 1, deadLetters: { late: 1 } });
    expect(next.tally()).toMatchObject({ received: 2, deadLetters: { late: 2 } });
  });

  test('law: it holds at every cut, for input with every outcome', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(views, fc.array(fc.constantFrom(0, 1, 3)), fc.boolean(), (sent, pauses, isBroken) => {
        let left = isBroken ? 2 : 0;
        const rig = new Rig({
          rules: { filter: { customer: undefined, rules: [{ name: 'no C', action: 'exclude', field: 'page_title', equals: 'C' }] } },
          before: ({ id }) => {
            if (id !== '7' || left === 0) return;
            left -= 1;
            throw new Error('id 7');
          },
        }).start();
        sent.forEach((view, n) => {
          rig.pass(Math.max(0, (view.published ?? 0) - rig.now));
          rig.view(view);
          rig.pass(pauses[n % Math.max(1, pauses.length)] ?? 0);
        });
        rig.stop$.next('SIGTERM');
        rig.pass(5);
        expect(rig.outcome).toBe('complete');
        expectConserved(rig);
        const { counts } = rig.lastReport ?? {};
        expect(counts).toMatchObject({ received: sent.length, held: 0 });
        expect(rig.hand.acked).toHaveLength(sent.length);
        expect(rig.sink.deadLetters).toHaveLength(Object.values(counts?.deadLetters ?? {}).reduce((sum, n) => sum + n, 0));
        Object.keys(counts?.deadLetters ?? {}).forEach((reason) => seen.add(reason));
        if (counts && counts.duplicates > 0) seen.add('duplicate');
      }),
      { numRuns: 60, endOnFailure: true },
    );
    // The input did have every outcome, or the law would say little.
    expect([...seen].sort()).toEqual(['duplicate', 'excluded', 'future', 'invalid', 'late', 'processing_failed']);
  });

  test('a violation is logged with the counts, and the run goes on', () => {
    const rig = new Rig({ loses: 1 }).start();
    rig.view({ page: 'A' });
    rig.pass(1);
    expect(rig.logs).toContainEqual({ level: 'error', event: 'conservation_violated', fields: expect.objectContaining({ missing: 1, received: 1, held: 0 }) });
    expect(rig.hand.acked).toHaveLength(1);
    expect(rig.outcome).toBe('running');
  });
});
