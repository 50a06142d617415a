import { readFileSync } from 'node:fs';
import * as t from 'io-ts';
import { parse } from 'yaml';

const GitHub = t.type({ jobs: t.type({ check: t.type({ steps: t.array(t.partial({ run: t.string, uses: t.string })) }) }) });
const GitLab = t.type({ check: t.type({ script: t.array(t.string), image: t.string }) });

test('on GitHub and on GitLab the check is .ci/run, on the least version of Node', () => {
  const github: unknown = parse(readFileSync('.github/workflows/check.yml', 'utf8'));
  const gitlab: unknown = parse(readFileSync('.gitlab-ci.yml', 'utf8'));
  if (!GitHub.is(github) || !GitLab.is(gitlab)) throw new Error('they are otherwise');
  expect(github.jobs.check.steps.flatMap(({ run }) => (run === undefined ? [] : [run]))).toEqual([expect.stringMatching(/ bash \.ci\/run$/)]);
  expect(gitlab.check).toMatchObject({ script: ['bash .ci/run'], image: expect.stringMatching(/^node:20-/) });
});
