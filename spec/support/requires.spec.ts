import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Requires from './requires.js';

const { PATH, REQUIRE_ALL } = process.env;
let tools: string;

/** Puts a program on the path, alone there, that answers with this line. */
const install = (tool: string, line: string): void => {
  writeFileSync(join(tools, tool), `#!/bin/sh\necho '${line}' >&2\n`);
  chmodSync(join(tools, tool), 0o755);
};

/** The module as a new spec file gets it. */
const requires = async (): Promise<typeof Requires> => {
  jest.resetModules();
  return import('./requires.js');
};

beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'tools-'));
  process.env['PATH'] = tools;
  delete process.env['REQUIRE_ALL'];
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(tools, { recursive: true });
  process.env['PATH'] = PATH;
  if (REQUIRE_ALL !== undefined) process.env['REQUIRE_ALL'] = REQUIRE_ALL;
});

test.each([
  { tool: 'go', line: 'go version go1.26.8 linux/amd64', found: true },
  { tool: 'java', line: 'openjdk version "17.0.15" 2025-04-15', found: true },
  { tool: 'java', line: 'openjdk version "11.0.2" 2019-01-15', found: false },
  { tool: 'java', line: 'java version "1.8.0_211"', found: false },
] as const)('$tool that says "$line" will do: $found', async ({ tool, line, found }) => {
  install(tool, line);
  const { has } = await requires();
  expect(has(tool)).toBe(found);
});

test('a block whose tool is absent is skipped, and its name and stderr say why', async () => {
  install('go', 'go version go1.26.8');
  const skip = jest.spyOn(describe, 'skip').mockImplementation(() => undefined);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { describeWith } = await requires();
  const body = (): void => undefined;
  describeWith(['go', 'java', 'kcat'], 'the broker', body);
  expect(skip.mock.calls).toEqual([['the broker (skipped: Java 17 or newer and kcat not found on this machine)', body]]);
  expect(stderr.mock.calls).toEqual([['skipped: the broker (Java 17 or newer and kcat not found on this machine)\n']]);
});

test('with REQUIRE_ALL=1 an absent tool is an error', async () => {
  process.env['REQUIRE_ALL'] = '1';
  const { describeWith } = await requires();
  expect(() => describeWith('go', 'the judge', () => undefined)).toThrow('the judge: Go not found on this machine');
});
