import { closeSync, openSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { count, rate } from '../../src/page/format.js';
import type { Edge, Status } from '../../src/status/status.js';
import { jsonLines, usingProgram, type ResultLine, type Running } from '../e2e/program.js';
import { eventOf } from '../pipeline/play.js';
import { startChromium } from '../support/chromium.js';
import { describeWith } from '../support/requires.js';
import { Pipe } from '../watching/pipe.js';
import { focusOrder, lowContrasts } from './seen.js';

jest.setTimeout(60_000);

const urlOf = async (run: Running): Promise<string> => String((await run.logged('status_page'))['url']);

describeWith('chromium', 'the status page in Chromium', () => {
  const program = usingProgram({ isShared: true });
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let requests: string[];

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());
  afterEach(() => page.close());

  const open = async (url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<void> => {
    page = await browser.newPage({ viewport: { width: 1_280, height: 900 }, ...options });
    page.setDefaultTimeout(30_000);
    [complaints, requests] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
  };
  const expectNoComplaint = (url: string): void => {
    expect(complaints).toEqual([]); // a violation of the content security policy is one, too
    expect(requests.length).toBeGreaterThan(3);
    expect(requests.filter((it) => !it.startsWith(url) && !it.startsWith('data:'))).toEqual([]);
  };
  const text = (id: string): Promise<string> => page.locator(`#${id}`).innerText();
  const changed = (id: string, before: string): Promise<void> => page.locator(`#${id}`).filter({ hasNotText: before }).waitFor();
  const isLive = (): Promise<void> => page.locator('body[data-connection=Live]').waitFor();

  describe('of the program without arguments', () => {
    let run: Running;
    let url: string;

    beforeAll(async () => {
      run = program.start(['--port', '0']);
      url = await urlOf(run);
    });
    beforeEach(() => open(url));
    afterEach(() => expectNoComplaint(url));

    test('says that it is well, and its numbers move', async () => {
      await page.locator('#verdict[data-level=well]').waitFor();
      expect(await page.title()).toBe('Well · pages-viewed · Pages Viewed');
      expect(await text('spoken')).toBe('Well');
      const [read, committed] = [await text('received-note'), await text('results-note')];
      await changed('received-note', read);
      await changed('results-note', committed);
      expect(await page.locator('#flow .edge.moving').count()).toBeGreaterThan(3);
    });

    test('charts, distribution, latest results and configuration are there', async () => {
      await page.locator('#latest tr:nth-child(10)').waitFor();
      expect(await page.locator('.chart canvas').count()).toBe(3);
      expect(await page.locator('#lag-chart .u-value').last().innerText()).toMatch(/\d/);
      expect(await page.locator('#distribution tr').count()).toBe(12);
      const all = await page.locator('#settings tr').count();
      await page.getByLabel('Show those with').fill('kafka tls');
      expect(await page.locator('#settings tr').count()).toBeLessThan(all);
      expect(await page.locator('#settings').innerText()).toContain('kafka_tls');
      await page.getByLabel('Show those with').fill('no such setting');
      expect(await text('settings')).toBe('no setting has that');
    });

    test('shows neither ids nor titles, nor what stood in events', async () => {
      await page.locator('.letter').first().waitFor();
      for (const letter of await page.locator('.letter > summary').all()) await letter.click();
      await page.locator('.letter td').first().waitFor();
      await page.locator('#latest tr:nth-child(10)').waitFor();
      const shown = await text('told');
      expect(shown).toContain('got •••');
      const results = jsonLines<ResultLine>(run.stdout());
      expect(results.length).toBeGreaterThan(10);
      const secrets = new Set(results.flatMap(({ session_id, page: title }) => [session_id, title]));
      expect([...secrets].filter((secret) => shown.includes(secret))).toEqual([]);
    });

    test('can be walked by keyboard, and shows where one is', async () => {
      await page.locator('.letter').first().waitFor();
      const order = await focusOrder(page, 8);
      expect(order.map(({ name }) => name)).toEqual(expect.arrayContaining(['The same as a table', 'Session id', 'Find', 'Latest results']));
      expect(order.filter(({ isOutlined }) => !isOutlined)).toEqual([]);
      await page.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      await page.locator('#edges tr').first().waitFor();
    });

    test('has landmarks, and headings in order', async () => {
      await isLive();
      expect(await page.getByRole('main').count()).toBe(1);
      expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Pages Viewed']);
      for (const name of ['Pipeline', 'Find a session', 'Latest results', 'Dead letters', 'Configuration']) expect(await page.getByRole('region', { name, exact: true }).count()).toBeGreaterThan(0);
      expect(await page.getByRole('status').count()).toBe(1);
    });

    test.each(['light', 'dark'] as const)('in %s every text has a contrast of 4.5 or more', async (colorScheme) => {
      await page.close();
      await open(url, { colorScheme });
      await page.locator('#latest tr:nth-child(10)').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.locator('.letter td').first().waitFor();
      expect(await lowContrasts(page, 4.5)).toEqual([]);
    });

    test('at a width of 390 nothing is wider than the page', async () => {
      await page.close();
      await open(url, { viewport: { width: 390, height: 844 } });
      await page.locator('#latest tr:nth-child(10)').waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.locator('.letter td').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    });

    test('nothing moves when numbers change', async () => {
      await page.locator('#latest tr:nth-child(10)').waitFor();
      // What is above the dead letters, whose reasons come one by one.
      const tops = (): Promise<unknown> => page.evaluate("[...document.querySelectorAll('h2')].map((it) => [it.id, Math.round(it.getBoundingClientRect().top)])");
      const [before, read] = [await tops(), await text('clock')];
      await changed('clock', read);
      expect(await tops()).toEqual(before);
    });
  });

  describe('of a run whose input stays open', () => {
    let pipe: Pipe;
    let stdin: number;
    let run: Running;
    let url: string;
    afterAll(async () => {
      await pipe.end();
      closeSync(stdin);
      pipe.remove();
    });

    const started = (port: string): Running => program.start(['--input', '-', '--output', pipe.file('out.ndjson'), '--port', port, '--show_values', '--commit_interval', '0.05'], { stdin });
    const view = (title: string, at: number): Record<string, unknown> => ({ ...eventOf({ session: 'visitor <1> & co', page: title, at: 0 }), ga_event_dtm: new Date(at).toISOString() });
    const status = async (): Promise<Status> => {
      const told: Status = JSON.parse(await (await fetch(new URL('/status', url))).text());
      return told;
    };

    beforeAll(async () => {
      pipe = new Pipe();
      stdin = openSync(pipe.path, 'r+');
      run = started('0');
      url = await urlOf(run);
      await pipe.write(view('Home', Date.now() - 2_000), view('Broadband', Date.now() - 1_000), view('Broadband', Date.now() - 500), 'not json');
    });

    test('the numbers on its edges are those of /status', async () => {
      await open(url);
      await page.locator('[data-edge=source-messages] .count').filter({ hasText: /^4$/ }).waitFor();
      await page.locator('[data-edge=source-messages]:not(.moving)').waitFor(); // ten seconds later
      const { edges } = await status();
      const figures = (edge: Edge): readonly string[] => [count(edge.count), rate(edge.perSecond)];
      const flowing = edges.filter(({ to }) => to !== 'deadLetters' && to !== 'duplicates');
      expect(flowing.length).toBe(10);
      for (const edge of flowing) expect([edge.to, await page.locator(`[data-edge=${edge.from}-${edge.to}] text`).allTextContents()]).toEqual([edge.to, figures(edge)]);
      expect(await page.locator('[data-place=validate] .exit').first().textContent()).toContain('not_json 1 ·');
      await page.getByText('The same as a table').click();
      const rows = await page.locator('#edges tr').all();
      expect(rows.length).toBe(edges.length);
      expectNoComplaint(url);
    });

    test('a session is found with all that is open of it, and followed', async () => {
      await open(url);
      await isLive();
      await page.getByLabel('Session id').fill('visitor <1> & co');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('heading', { name: /^Open session / }).waitFor();
      expect(await text('session-found')).toContain('It closes when the watermark passes its end.');
      expect(await page.locator('#session-found tbody tr td:nth-child(2)').allInnerTexts()).toEqual(['Home', 'Broadband', 'Broadband']);
      await pipe.write(view('Checkout', Date.now()));
      await page.locator('#session-found').getByText('Checkout').waitFor();
      expectNoComplaint(url);
    });

    test('of an unknown session it says that nothing is known', async () => {
      await open(url);
      await isLive();
      await page.getByLabel('Session id').fill('nobody');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing is known of this session now').waitFor();
      expect(page.url()).toBe(url); // ids are in no history
      expectNoComplaint(url);
    });

    test('it says when the run has ended, keeps what it was, and goes on with the next run', async () => {
      await open(url);
      await isLive();
      run.child.kill('SIGTERM');
      await page.locator('body[data-connection=Ended]').waitFor();
      expect(await text('verdict-title')).toBe('Ended');
      expect(await text('verdict-text')).toMatch(/^The run ended at \d\d:\d\d:\d\d UTC\./);
      expect(await page.locator('[data-edge=source-messages] .count').textContent()).toBe('5');
      await run.ended;
      run = started(new URL(url).port);
      await urlOf(run);
      await isLive();
    });

    test('it says since when the connection is lost, and keeps what it was told', async () => {
      await open(url);
      await isLive();
      const job = await text('job');
      run.child.kill('SIGKILL');
      await page.locator('body[data-connection=Lost]').waitFor();
      expect(await text('verdict-title')).toBe('Connection lost');
      expect(await text('verdict-text')).toMatch(/^Nothing has come since \d\d:\d\d:\d\d UTC\./);
      expect(await page.title()).toMatch(/^Connection lost /);
      expect(await text('job')).toBe(job);
      expect(await page.evaluate("getComputedStyle(document.querySelector('#told')).filter")).toBe('grayscale(1)');
      expect(await lowContrasts(page, 4.5)).toEqual([]);
    });
  });
});
