import { Observable, Subject } from 'rxjs';
import { alongside } from '../../src/runtime/alongside.js';

describe('alongside', () => {
  const both = () => {
    const main$ = new Subject<string>();
    const side$ = new Subject<never>();
    const told: string[] = [];
    const subscription = main$.pipe(alongside(side$)).subscribe({
      next: (value) => told.push(value),
      error: (error: unknown) => told.push(`error ${String(error)}`),
      complete: () => told.push('complete'),
    });
    return { main$, side$, told, subscription };
  };

  test('goes on until the main part completes, and then the side part is left', () => {
    const { main$, side$, told } = both();
    main$.next('a');
    expect(side$.observed).toBe(true);
    main$.complete();
    expect(told).toEqual(['a', 'complete']);
    expect(side$.observed).toBe(false);
  });

  test('the side part is there before the main part starts', () => {
    const order: string[] = [];
    const subscribed = (name: string): Observable<never> => new Observable(() => void order.push(name));
    subscribed('main').pipe(alongside(subscribed('side'))).subscribe();
    expect(order).toEqual(['side', 'main']);
  });

  test('does not end with the side part', () => {
    const { main$, side$, told } = both();
    side$.complete();
    main$.next('a');
    main$.complete();
    expect(told).toEqual(['a', 'complete']);
  });

  test.each(['main$', 'side$'] as const)('an error of %s ends both', (which) => {
    const { main$, side$, told } = both();
    ({ main$, side$ })[which].error('x');
    expect(told).toEqual(['error x']);
    expect([main$.observed, side$.observed]).toEqual([false, false]);
  });

  test('who leaves leaves both', () => {
    const { main$, side$, subscription } = both();
    subscription.unsubscribe();
    expect([main$.observed, side$.observed]).toEqual([false, false]);
  });

  test('a main part that is over at once leaves nothing behind', () => {
    const side$ = new Subject<never>();
    const told: string[] = [];
    new Observable<string>((out) => {
      out.next('a');
      out.complete();
    }).pipe(alongside(side$)).subscribe({ next: (value) => told.push(value), complete: () => told.push('complete') });
    expect(told).toEqual(['a', 'complete']);
    expect(side$.observed).toBe(false);
  });
});
