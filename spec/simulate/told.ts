import { lastValueFrom, toArray, catchError, concat, of } from 'rxjs';
import type { SimulateConfig } from '../../src/config/simulateConfig.js';
import { simulate } from '../../src/simulate/simulate.js';

/** What the command says, and the error it ends with. */
export const told = async (config: Pick<SimulateConfig, 'seed' | 'seeds' | 'faults'> & Partial<SimulateConfig>): Promise<{ readonly text: string; readonly failure: unknown }> => {
  let failure: unknown;
  const texts$ = simulate({ keep: undefined, trace: false, logLevel: 'info', ...config }).pipe(catchError((error: unknown) => {
    failure = error;
    return of('');
  }));
  const texts = await lastValueFrom(concat(texts$).pipe(toArray()));
  return { text: texts.join(''), failure };
};
