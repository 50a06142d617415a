import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmulator } from '../src/emulator/startEmulator.js';
import { print } from './measure.js';

const MAIN = resolve('dist/src/main.js');
const [TOPIC, SUBSCRIPTION] = ['projects/bench/topics/views', 'projects/bench/subscriptions/views'];
const RATE = 3_000;
const SECONDS = 20;

/** What V8 writes down of a run: a tree of calls, and which of them was met at each sample. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string }; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  /** In µs. */
  readonly timeDeltas: readonly number[];
}

/** What is there only so that a run can be watched. */
const OF_THE_PAGE = /\/dist\/src\/(?:status\/|io\/(?:httpServer|pageAssets|metrics)\.js|watch\.js)/;
const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** A run under load with one listener of the page's events: which share of its busy time was spent in the page's own functions, and in what they called. */
export async function page(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-bench-page-'));
  const emulator = await startEmulator();
  try {
    const env = { ...process.env, PUBSUB_EMULATOR_HOST: emulator.address };
    const publisher = spawn(process.execPath, [MAIN, 'publish', '--create', '--topic', TOPIC, '--subscription', SUBSCRIPTION, '--rate', String(RATE), '--duration', String(SECONDS)], { env, stdio: 'ignore' });
    const run = spawn(process.execPath, ['--cpu-prof', '--cpu-prof-dir', folder, MAIN, '--input_subscription', SUBSCRIPTION, '--output', '/dev/null', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const published = once(publisher, 'close');
    const { body } = await fetch(new URL('/events', await addressOf(run)));
    const events = heard(body);
    await published;
    const ended = once(run, 'close');
    run.kill('SIGTERM');
    await ended;
    const [name = ''] = readdirSync(folder);
    const profile: Profile = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const { busy, own, called } = spent(profile);
    const share = (micros: number): string => `${(micros / 1e3).toFixed(0)} ms, ${((100 * micros) / busy).toFixed(2)} %`;
    print(`${RATE} messages/s for ${SECONDS} s, ${await events} events to one page: ${(busy / 1e6).toFixed(1)} s busy, of that in the page's own functions ${share(own)}; with all that they called ${share(own + called)}`);
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** Where the run says that its page is. */
const addressOf = (run: ChildProcess): Promise<string> =>
  new Promise((resolved, reject) => {
    let text = '';
    run.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = /"event":"status_page".*?"url":"([^"]+)"/.exec(text) ?? [];
      if (url !== undefined) resolved(url);
    });
    run.once('exit', () => reject(new Error(`it has no page: ${text}`)));
  });

/** How many events come until the run ends. */
const heard = async (body: ReadableStream<Uint8Array> | null): Promise<number> => {
  let events = 0;
  for await (const chunk of body ?? []) events += new TextDecoder().decode(chunk).split('data: ').length - 1;
  return events;
};

const spent = ({ nodes, samples, timeDeltas }: Profile): { readonly busy: number; readonly own: number; readonly called: number } => {
  const byId = new Map(nodes.map((node) => [node.id, node] as const));
  const ofThePage = new Set<number>();
  const mark = (id: number): void => {
    if (ofThePage.has(id)) return;
    ofThePage.add(id);
    byId.get(id)?.children?.forEach(mark);
  };
  const own = new Set(nodes.filter(({ callFrame }) => OF_THE_PAGE.test(callFrame.url)).map(({ id }) => id));
  own.forEach(mark);
  const sum = { busy: 0, own: 0, called: 0 };
  samples.forEach((id, index) => {
    if (IDLE.has(byId.get(id)?.callFrame.functionName ?? '')) return;
    const took = timeDeltas[index] ?? 0;
    sum.busy += took;
    if (own.has(id)) sum.own += took;
    else if (ofThePage.has(id)) sum.called += took;
  });
  return sum;
};
