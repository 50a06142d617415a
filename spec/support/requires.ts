import { spawnSync } from 'node:child_process';

/** A program outside npm that some specs need. */
export type Tool = 'go' | 'java' | 'mvn' | 'kcat' | 'chromium';

interface Probe {
  /** What a reader has to install. */
  readonly needs: string;
  /** Commands to try, in order; each is asked for its version. */
  readonly commands: readonly (readonly [command: string, ...args: string[]])[];
  /** The lowest major version that will do. */
  readonly major?: number;
}

const PROBES: Readonly<Record<Tool, Probe>> = {
  go: { needs: 'Go', commands: [['go', 'version']] },
  java: { needs: 'Java 17 or newer', commands: [['java', '-version']], major: 17 },
  mvn: { needs: 'Maven', commands: [['mvn', '--version']] },
  kcat: { needs: 'kcat', commands: [['kcat', '-V']] },
  chromium: { needs: 'Chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'].map((it) => [it, '--version']) },
};

const found = new Map<Tool, boolean>();

/** Whether the tool answers on this machine; asked once per spec file. */
export function has(tool: Tool): boolean {
  const known = found.get(tool);
  if (known !== undefined) return known;
  const { commands, major = 0 } = PROBES[tool];
  const answers = commands.some(([command, ...args]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: process.env });
    return status === 0 && Number(/\d+/.exec(stdout + stderr)?.[0] ?? 0) >= major;
  });
  found.set(tool, answers);
  return answers;
}

/**
 * `describe` for specs that need tools from outside npm. Where one is absent the block is skipped,
 * its name and one line on stderr say why; with `REQUIRE_ALL=1` an absent tool is an error.
 */
export function describeWith(tools: Tool | readonly Tool[], name: string, body: () => void): void {
  const absent = [tools].flat().filter((tool) => !has(tool)).map((tool) => PROBES[tool].needs);
  if (absent.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `${absent.join(' and ')} not found on this machine`;
  if (process.env['REQUIRE_ALL'] === '1') throw new Error(`${name}: ${reason}, and REQUIRE_ALL=1 allows no skips`);
  process.stderr.write(`skipped: ${name} (${reason})\n`);
  describe.skip(`${name} (skipped: ${reason})`, body);
}
