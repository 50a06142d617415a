import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One instruction of a Dockerfile, on one line. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A stage, from its FROM to the next one. */
export type Stage = readonly Instruction[];

export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ').split('\n').map((it) => it.trim());
  const stages: Instruction[][] = [];
  for (const line of lines.filter((it) => it !== '')) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, rest });
  }
  return stages;
}

export const only = (stage: Stage, name: string): string => {
  const [first, ...more] = stage.filter((it) => it.name === name);
  if (first === undefined || more.length > 0) throw new Error(`not one ${name}`);
  return first.rest;
};

/** What stages copy from the folder they are built in. */
export const copiedFromContext = (stages: readonly Stage[]): string[] =>
  stages.flat().filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from=')).flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1)).sort();

/**
 * Does in `root` what Docker would do in an image: every stage gets a folder for its file system, in
 * which its COPY and RUN are played. Returns the working folder of the last stage. No base images,
 * users or layers: their part is not tested.
 */
export function replay(stages: readonly Stage[], context: string, root: string): string {
  const fileSystems = new Map<string, string>();
  let workdir = '';
  for (const [number, stage] of stages.entries()) {
    const alias = / AS (\S+)$/.exec(only(stage, 'FROM'))?.[1] ?? String(number);
    const fileSystem = join(root, alias);
    fileSystems.set(alias, fileSystem);
    workdir = join(fileSystem, only(stage, 'WORKDIR'));
    mkdirSync(workdir, { recursive: true });
    for (const { name, rest } of stage) {
      if (name === 'COPY') copy(rest, context, workdir, fileSystems);
      if (name === 'RUN') runIn(workdir, rest);
    }
  }
  return workdir;
}

const copy = (rest: string, context: string, workdir: string, fileSystems: ReadonlyMap<string, string>): void => {
  const words = rest.split(/\s+/);
  const stage = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const from = stage === undefined ? context : fileSystems.get(stage);
  const target = words.pop();
  if (from === undefined || target === undefined) throw new Error(`COPY ${rest}`);
  for (const source of words) {
    cpSync(join(from, source), target.endsWith('/') ? join(workdir, target, basename(source)) : join(workdir, target), { recursive: true, verbatimSymlinks: true });
  }
};

const runIn = (cwd: string, command: string): void => {
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}:\n${stdout}${stderr}`);
};
