import { transformSync } from '@swc/core';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A fault planted into the program: one line of one file is another. */
export interface Mutant {
  readonly fault: string;
  /** From `src/` on, without its ending. */
  readonly file: string;
  /** All of the line but its indentation; it stands there once. */
  readonly line: string;
  readonly instead: string;
}

const SRC = join(__dirname, '../../src');

/** From now on whoever loads the file gets the mutant, until what this returns is called. Throws where the line is not there, once. */
export const plant = ({ file, line, instead }: Mutant): (() => void) => {
  const path = join(SRC, file);
  const lines = readFileSync(`${path}.ts`, 'utf8').split('\n');
  const places = lines.flatMap((it, place) => (it.trim() === line ? [place] : []));
  const [place, ...more] = places;
  if (place === undefined || more.length > 0) throw new Error(`${file}.ts has ${places.length} lines that are: ${line}`);
  const { code } = transformSync(lines.with(place, instead).join('\n'), {
    filename: `${path}.ts`, module: { type: 'commonjs' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  jest.doMock(path, () => {
    const module: { readonly exports: Readonly<Record<string, unknown>> } = { exports: {} };
    const requireHere = (name: string): unknown => jest.requireActual(name.startsWith('.') ? resolve(dirname(path), name.replace(/\.js$/, '')) : name);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- it is what Node does with a module
    new Function('require', 'module', 'exports', code)(requireHere, module, module.exports);
    return module.exports;
  });
  return () => void jest.dontMock(path);
};

export const MUTANTS: readonly Mutant[] = [
  {
    fault: 'messages are acked before the commit',
    file: 'runtime/runTask',
    line: 'concatMap(({ epoch, durable$ }) => concat(committed(epoch, durable$), of(epoch))),',
    instead: 'concatMap(({ epoch, durable$ }) => concat(of(epoch), committed(epoch, durable$))),',
  },
  {
    fault: 'the change of a state misses a key',
    file: 'changelog/committedState',
    line: "for (const [key, value] of flow.sessions.entries) yield { _tag: 'Sessions', key, value };",
    instead: "for (const [key, value] of [...flow.sessions.entries].slice(1)) yield { _tag: 'Sessions', key, value };",
  },
  {
    fault: 'the epoch before is taken for the one whose commit is in doubt',
    file: 'io/kafkaCheckpoint',
    line: 'if (tail.epoch === number) return of(tail.offset);',
    instead: 'if (tail.epoch >= number - 1) return of(tail.offset);',
  },
  {
    fault: 'a restore leaves an epoch out',
    file: 'changelog/changelogReader',
    line: 'else this.state.apply(lines, from, to);',
    instead: 'else if (this.epoch % 10 !== 0) this.state.apply(lines, from, to);',
  },
  {
    fault: 'early deadlines come to nothing after a restart',
    file: '../operators/sessionWindow',
    line: 'windows.announce();',
    instead: '',
  },
  {
    fault: 'message ids are not known after a restart',
    file: 'changelog/restoredState',
    line: 'ids: again(() => ids.all(idsFrom)),',
    instead: 'ids: [],',
  },
  {
    fault: 'a pipeline that was built anew gets the messages in another order',
    file: 'runtime/taskLoop',
    line: 'this.waiting = [...collected, ...this.waiting.slice(this.taken)];',
    instead: 'this.waiting = [...this.waiting.slice(this.taken), ...collected];',
  },
  {
    fault: 'the watermark is not restored',
    file: 'changelog/restoredState',
    line: 'watermarks: { header: watermarks, entries: [] },',
    instead: 'watermarks: undefined,',
  },
  {
    fault: 'task time goes on while no process runs',
    file: 'runtime/taskLoop',
    line: 'this.settings.clock.goOnFrom(state.taskTime);',
    instead: '',
  },
  {
    fault: 'closed sessions are forgotten at a restart',
    file: 'changelog/sessionText',
    line: 'closed: closed.length === 0 ? NONE : closed,',
    instead: 'closed: NONE,',
  },
  {
    fault: 'a process that was succeeded may still write',
    file: 'io/kafkaOwnership',
    line: 'const producer = await port.transactional({ id: job.transactionalId, timeout: transactionTimeout });',
    instead: 'const producer = await port.transactional({ id: `${job.transactionalId}-${this.instance}`, timeout: transactionTimeout });',
  },
  {
    fault: 'the state of an epoch is committed apart from its results',
    file: 'io/kafkaCheckpoint',
    line: 'return concat(sendAll(send, sends, transactionTimeout, timers), defer(() => transaction.commit()).pipe(ignoreElements()), defer(() => of(offset ?? -1n)));',
    instead: `const committed = (some: typeof sends) => concat(sendAll(send, some, transactionTimeout, timers), defer(() => transaction.commit()).pipe(ignoreElements()));
      return concat(sends.length > 1 ? committed(sends.slice(0, -1)) : EMPTY, committed(sends.slice(-1)), defer(() => of(offset ?? -1n)));`,
  },
  {
    fault: 'it is not looked who has the job before it is taken again',
    file: 'io/kafkaCheckpoint',
    line: 'return concat(checkOwner(), ownership.takeOver(follow), defer(mustHaveBeenOurs));',
    instead: 'return ownership.takeOver(follow);',
  },
  {
    fault: 'what was emitted is forgotten at a restart',
    file: 'changelog/restoredState',
    line: 'emitted: { header: undefined, entries: again(() => lines.all(EMITTED.place, readEmissions)) },',
    instead: 'emitted: { header: undefined, entries: [] },',
  },
  {
    fault: 'the changelog is trimmed too far',
    file: 'changelog/changelogWriter',
    line: 'if (sweep.lastEpoch === epoch) needed = sweep.firstOffset;',
    instead: 'if (sweep.lastEpoch === epoch) needed = offset;',
  },
  {
    fault: 'counts begin anew at a restart',
    file: 'runtime/task',
    line: 'this.ledger = new Ledger(restored?.tally);',
    instead: 'this.ledger = new Ledger();',
  },
];
