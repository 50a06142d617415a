import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What all benchmarks have in common: every figure is taken in a process of its own, and the median of the rounds counts. */

export const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** Runs a script of this folder; resolves with the JSON that it prints. */
export async function inProcess(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const child = spawn(process.execPath, ['--expose-gc', '--max-old-space-size=12288', script(name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let told = '';
  child.stdout.on('data', (chunk) => (told += String(chunk)));
  const [code]: unknown[] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  return JSON.parse(told);
}

/** A server in a process of its own. */
export interface Server {
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts one; resolves as soon as its stdout says where it is: the first group of `address`. */
export async function startServer(command: string, args: readonly string[], address: RegExp): Promise<Server> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const found = await new Promise<string>((resolve, reject) => {
    let told = '';
    child.stdout.on('data', (chunk) => {
      told += String(chunk);
      const at = address.exec(told)?.[1];
      if (at !== undefined) resolve(at);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ${args.join(' ')} ended with ${code}`)));
  });
  return {
    address: found,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What a stretch of work took of this process. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** Starts measuring; the returned function tells what it has cost since. */
export const measure = (): (() => Cost) => {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - startedAt) / 1e3 };
  };
};

/** Bytes in use, garbage not counted; needs --expose-gc. */
export const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** Bytes, from the start of this process on. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

export const tell = (result: object): void => void process.stdout.write(JSON.stringify(result));

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const numberIn = (result: unknown, name: string): number => {
  const value: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, name) : undefined;
  if (typeof value !== 'number') throw new Error(`the run told no ${name}`);
  return value;
};

/** The median of one of the figures that the runs told. */
export const medianOf = (runs: readonly unknown[], name: string): number => median(runs.map((it) => numberIn(it, name)));

export const count = (value: number): string => Math.round(value).toLocaleString('en');

export const megabytes = (bytes: number): string => `${count(bytes / 1e6)} MB`;
