import { readFileSync } from 'node:fs';
import { checked, plant, type Files } from './planted.js';

jest.setTimeout(60_000);

/** What the cruise reports of a violation. */
interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Where nothing else is said a planted file imports this way. */
const imports = (target: string): string => `import '${target}';\n`;

const file = 'export {};\n';

/** A package as far as imports look at it. */
const stub = (name: string): Files => ({ [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }), [`node_modules/${name}/index.js`]: '' });

/** What is lawful: each of these is near a rule and breaks none. */
const LAWFUL: Files = {
  'operators/index.ts': imports('./window.js') + imports('rxjs'),
  'operators/window.ts': imports('./core/machine.js') + imports('rxjs'),
  'operators/types.ts': file,
  'operators/core/machine.ts': imports('../types.js'),
  'src/main.ts': imports('./run.js') + imports('node:fs'),
  'src/run.ts': imports('./pipeline.js') + imports('./products/views.js') + imports('./io/source.js') + imports('./runtime/task.js') + imports('./emulator/server.js'),
  'src/pipeline.ts': imports('../operators/index.js') + imports('./stages/decode.js') + imports('./stages/enrich.js'),
  'src/products/views.ts': ['../stages/enrich.js', '../model/event.js', 'io-ts'].map(imports).join(''),
  'src/stages/decode.ts': imports('io-ts') + imports('node:buffer'),
  'src/stages/enrich.ts': imports('../model/event.js'),
  'src/model/event.ts': imports('node:crypto'),
  'src/runtime/task.ts': imports('./ports.js'),
  'src/runtime/ports.ts': imports('../model/event.js'),
  'src/config/settings.ts': imports('io-ts') + imports('../simulate/faults.js'),
  'src/io/source.ts': ['../runtime/ports.js', 'kafkajs', 'winston', '@google-cloud/pubsub', '@grpc/grpc-js', 'node:fs'].map(imports).join(''),
  'src/simulate/world.ts': imports('../runtime/task.js') + imports('../io/source.js') + imports('./faults.js'),
  'src/simulate/faults.ts': file,
  'src/emulator/server.ts': imports('@grpc/grpc-js') + imports('node:net'),
  'src/page/chart.ts': imports('uplot') + `import type { Status } from '../status/status.js';\nexport type A = Status;\n`,
  'src/status/status.ts': 'export interface Status { readonly now: number }\n',
  'marbles/run.ts': imports('../operators/index.js'),
  'marbles/pipeline.marbles.ts': imports('./pipeline/deployed.js'),
  'marbles/pipeline/deployed.ts': imports('../../src/run.js'),
  'marbles/index.ts': imports('./run.js'),
  'src/explain/story.ts': imports('../../marbles/index.js') + imports('../../marbles/pipeline/deployed.js'),
  'spec/machine.spec.ts': imports('../operators/core/machine.js') + imports('fast-check'),
};

/** One violation of each rule, or of each of its sides: the file, and what it imports. */
const VIOLATIONS: readonly { readonly rule: string; readonly from: string; readonly to: string }[] = [
  { rule: 'no-circular', from: 'src/traffic/chicken.ts', to: './egg.js' },
  { rule: 'operators-import-only-rxjs', from: 'operators/fetching.ts', to: 'io-ts' },
  { rule: 'operators-import-only-rxjs', from: 'operators/reading.ts', to: 'node:fs' },
  { rule: 'operators-import-only-rxjs', from: 'operators/knowing.ts', to: '../src/model/event.js' },
  { rule: 'operators-no-rxjs-internals', from: 'operators/reaching.ts', to: 'rxjs/internal/Subscriber' },
  { rule: 'core-is-pure', from: 'operators/core/observing.ts', to: 'rxjs' },
  { rule: 'core-is-pure', from: 'operators/core/looking.ts', to: '../window.js' },
  { rule: 'clients-only-in-io', from: 'src/producing.ts', to: 'kafkajs' },
  { rule: 'clients-only-in-io', from: 'src/pulling.ts', to: '@google-cloud/pubsub' },
  { rule: 'clients-only-in-io', from: 'src/logging.ts', to: 'winston' },
  { rule: 'grpc-only-in-emulator', from: 'src/serving.ts', to: '@grpc/grpc-js' },
  { rule: 'no-system-in-the-flow', from: 'src/stages/reading.ts', to: 'node:fs' },
  { rule: 'no-system-in-the-flow', from: 'src/runtime/waiting.ts', to: 'node:timers' },
  { rule: 'no-system-in-the-flow', from: 'src/model/asking.ts', to: 'node:process' },
  { rule: 'no-system-in-the-flow', from: 'src/changelog/storing.ts', to: 'node:fs' },
  { rule: 'no-system-in-the-flow', from: 'src/products/loading.ts', to: 'node:fs' },
  { rule: 'changelog-is-pure', from: 'src/changelog/writing.ts', to: '../io/source.js' },
  { rule: 'changelog-is-pure', from: 'src/changelog/sending.ts', to: 'rxjs' },
  { rule: 'changelog-is-pure', from: 'src/changelog/knowing.ts', to: '../products/views.js' },
  { rule: 'io-knows-no-pipeline', from: 'src/io/computing.ts', to: '../pipeline.js' },
  { rule: 'io-knows-no-pipeline', from: 'src/io/deciding.ts', to: '../stages/decode.js' },
  { rule: 'io-knows-no-pipeline', from: 'src/io/telling.ts', to: '../products/views.js' },
  { rule: 'stages-know-no-neighbour', from: 'src/stages/second.ts', to: './decode.js' },
  { rule: 'products-are-pure', from: 'src/products/configured.ts', to: '../config/settings.js' },
  { rule: 'products-are-pure', from: 'src/products/running.ts', to: '../runtime/task.js' },
  { rule: 'products-are-pure', from: 'src/products/streaming.ts', to: 'rxjs' },
  { rule: 'runtime-knows-only-ports', from: 'src/runtime/writing.ts', to: '../io/source.js' },
  { rule: 'runtime-knows-only-ports', from: 'src/runtime/configured.ts', to: '../config/settings.js' },
  { rule: 'runtime-knows-only-ports', from: 'src/runtime/building.ts', to: '../pipeline.js' },
  { rule: 'runtime-knows-only-ports', from: 'src/runtime/deciding.ts', to: '../products/views.js' },
  { rule: 'compare-knows-no-pipeline', from: 'src/compare/computing.ts', to: '../pipeline.js' },
  { rule: 'compare-knows-no-pipeline', from: 'src/compare/running.ts', to: '../runtime/task.js' },
  { rule: 'emulator-stands-alone', from: 'src/emulator/borrowing.ts', to: '../model/event.js' },
  { rule: 'page-knows-types-only', from: 'src/page/asking.ts', to: '../model/event.js' },
  { rule: 'nobody-knows-the-page', from: 'src/drawing.ts', to: './page/chart.js' },
  { rule: 'audit-stands-alone', from: 'src/simulate/audit.ts', to: '../model/event.js' },
  { rule: 'nothing-needs-the-simulation', from: 'src/runtime/simulated.ts', to: '../simulate/world.js' },
  { rule: 'main-is-a-leaf', from: 'src/again.ts', to: './main.js' },
  { rule: 'public-door-only', from: 'src/prying.ts', to: '../operators/core/machine.js' },
  { rule: 'public-door-only', from: 'marbles/prying.ts', to: '../operators/window.js' },
  { rule: 'only-pipeline-diagrams-see-src', from: 'marbles/drawing.ts', to: '../src/model/event.js' },
  { rule: 'test-kit-reaches-no-app', from: 'marbles/jest.ts', to: './pipeline.marbles.js' },
  { rule: 'marbles-only-to-explain', from: 'src/picturing.ts', to: '../marbles/run.js' },
  { rule: 'explain-by-the-doors-of-marbles', from: 'src/explain/prying.ts', to: '../../marbles/run.js' },
  { rule: 'not-to-spec', from: 'src/tested.ts', to: '../spec/machine.spec.js' },
  { rule: 'not-to-dev-dep', from: 'src/playing.ts', to: 'fast-check' },
  { rule: 'no-orphans-of-resolution', from: 'src/lost.ts', to: './nowhere.js' },
];

/** The other half of the circle. */
const EGG = { 'src/traffic/egg.ts': imports('./chicken.js') };

const RXJS = 'node_modules/rxjs';
const PACKAGES: Files = {
  ...Object.assign({}, ...['io-ts', 'kafkajs', 'winston', '@google-cloud/pubsub', '@grpc/grpc-js', 'fast-check', 'uplot'].map(stub)),
  // Its own door, so that what lies behind it is found where it really lies.
  [`${RXJS}/package.json`]: readFileSync(`${RXJS}/package.json`, 'utf8'),
  ...Object.fromEntries(['types/index.d.ts', 'cjs/index.js', 'types/internal/Subscriber.d.ts', 'cjs/internal/Subscriber.js'].map((path) => [`${RXJS}/dist/${path}`, ''])),
};

const cruised = async (files: Files): Promise<readonly Violation[]> => {
  const { folder, remove } = plant({ ...files, ...PACKAGES }, ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']);
  try {
    const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'operators', 'marbles', 'spec'];
    const { summary }: { summary: { violations: readonly Violation[] } } = JSON.parse(JSON.stringify(await checked(folder, 'dependency-cruiser/bin/dependency-cruise.mjs', args)));
    return summary.violations;
  } finally {
    remove();
  }
};

test('what is lawful breaks no rule', async () => {
  expect(await cruised(LAWFUL)).toEqual([]);
});

describe('a planted violation', () => {
  let found: readonly Violation[];
  beforeAll(async () => {
    found = await cruised({ ...LAWFUL, ...EGG, ...Object.fromEntries(VIOLATIONS.map(({ from, to }) => [from, imports(to)])) });
  });

  test.each(VIOLATIONS)('of $rule: $from imports $to', ({ rule, from }) => {
    expect(found.filter((it) => it.from === from).map((it) => it.rule.name)).toEqual([rule]);
  });

  test('is all that is found', () => {
    const planted = [...VIOLATIONS.map(({ from }) => from), ...Object.keys(EGG)];
    expect(found.filter(({ from }) => !planted.includes(from))).toEqual([]);
  });
});

test('every rule has a violation', () => {
  const { forbidden } = jest.requireActual<{ forbidden: readonly { name: string }[] }>('../../.dependency-cruiser.cjs');
  expect([...new Set(VIOLATIONS.map(({ rule }) => rule))]).toEqual(forbidden.map(({ name }) => name));
});
