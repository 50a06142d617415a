import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { problemIds } from '../../src/status/health.js';
import { describeWith } from '../support/requires.js';

const RULES = 'deploy/prometheus/pages-viewed.rules.yml';
const TESTS = 'deploy/prometheus/pages-viewed.tests.yml';
const DASHBOARD = 'deploy/grafana/pages-viewed.json';

interface Alert {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const rules: { readonly groups: readonly { readonly rules: readonly Alert[] }[] } = parse(readFileSync(RULES, 'utf8'));
const alerts = rules.groups.flatMap((group) => group.rules);
const runbook = readFileSync('docs/runbook.md', 'utf8');
const sections = new Map(runbook.split(/^## /m).slice(1).map((section) => [section.split('\n')[0] ?? '', section] as const));

describe('the alerts', () => {
  test.each(alerts)('$alert has a section in the runbook: what it means, what to look at, what to do', ({ annotations: { runbook: link } }) => {
    const section = sections.get(link.replace('docs/runbook.md#', '')) ?? '';
    expect(['**Means**', '**Look at**', '**Do**'].filter((part) => !section.includes(`\n${part} `))).toEqual([]);
  });

  test('are all tried, once without and once with an alarm', () => {
    const tests: { readonly tests: readonly { readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[] }[] } = parse(readFileSync(TESTS, 'utf8'));
    const tried = tests.tests.flatMap(({ alert_rule_test: expected }) => expected);
    for (const { alert } of alerts) {
      const counts = tried.filter(({ alertname }) => alertname === alert).map(({ exp_alerts: fired }) => fired.length);
      expect({ alert, quiet: counts.includes(0), loud: counts.some((count) => count > 0) }).toEqual({ alert, quiet: true, loud: true });
    }
  });

  test('are of two kinds: one gets somebody up, the other waits for the morning', () => {
    expect(new Set(alerts.map(({ labels }) => labels.severity))).toEqual(new Set(['page', 'warning']));
  });
});

test('what the page says is wrong has a section in the runbook', () => {
  expect(problemIds.length).toBeGreaterThan(3);
  expect(problemIds.filter((id) => !sections.has(id))).toEqual([]);
});

test('the runbook has no section that nothing leads to', () => {
  const led = [...alerts.map(({ annotations }) => annotations.runbook.replace('docs/runbook.md#', '')), ...problemIds];
  expect([...sections.keys()].filter((section) => !led.includes(section))).toEqual([]);
});

describe('the dashboard', () => {
  const { panels }: { panels: readonly { id: number; type: string; title: string; gridPos: { x: number; y: number; w: number; h: number }; targets?: readonly { expr: string }[] }[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));

  test('has panels that lie beside each other, each with a name and something to ask', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ type, title, targets = [] }) => title === '' || (type !== 'row' && targets.length === 0))).toEqual([]);
  });

  test('asks only of the job and the instance that were chosen', () => {
    const selectors = panels.flatMap(({ targets = [] }) => targets).flatMap(({ expr }) => [...expr.matchAll(/\b(?:pages_viewed|process|nodejs)_\w+(\{[^}]*\})?/g)].map(([, selector = '']) => selector));
    expect(selectors.filter((selector) => !selector.endsWith('job=~"$job", instance=~"$instance"}'))).toEqual([]);
  });

  test('leads to sections of the runbook that there are', () => {
    const led = [...readFileSync(DASHBOARD, 'utf8').matchAll(/docs\/runbook\.md#([\w-]+)/g)].map(([, section = '']) => section);
    expect(led.filter((section) => !sections.has(section))).toEqual([]);
  });
});

describeWith('promtool', 'promtool', () => {
  const promtool = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  test('finds the rules right', () => {
    expect(promtool('check', 'rules', RULES)).toEqual({ status: 0, said: expect.stringContaining(`${alerts.length} rules found`) });
  });

  test('sees every alert come when it should, and not before', () => {
    expect(promtool('test', 'rules', TESTS)).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') });
  });

  test('finds what the dashboard asks right, as rules', () => {
    const dashboard: { panels: readonly { targets?: readonly { expr: string }[] }[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')));
    const recorded = JSON.stringify({ groups: [{ name: 'dashboard', rules: expressions.map((expr, n) => ({ record: `dashboard:${n}`, expr })) }] });
    const folder = mkdtempSync(join(tmpdir(), 'pages-viewed-dashboard-'));
    writeFileSync(join(folder, 'asked.yml'), recorded);
    const said = promtool('check', 'rules', join(folder, 'asked.yml'));
    rmSync(folder, { recursive: true });
    expect(said).toEqual({ status: 0, said: expect.stringContaining(`${expressions.length} rules found`) });
  });
});
