import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { describeWith } from '../support/requires.js';

const GALLERY = pathToFileURL(resolve('docs/gallery.html')).href;
const WIDTHS = [1_280, 390];

jest.setTimeout(60_000);

describeWith('chromium', 'the gallery in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let requests: string[];

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const open = async (fragment = '', width = 1_280): Promise<void> => {
    page = await browser.newPage({ viewport: { width, height: 900 } });
    [complaints, requests] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(GALLERY + fragment);
  };

  afterEach(async () => {
    expect(complaints).toStrictEqual([]);
    expect(requests.filter((url) => url.split('#')[0] !== GALLERY && !url.startsWith('data:'))).toStrictEqual([]);
    await page.close();
  });

  const preset = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const handle = (name: string) => page.locator('.handle').and(page.getByRole('button', { name: `event ${name}:` }));
  /** The windows of the panes with this timing, as the picture shows them. */
  const panes = async (timing: string): Promise<readonly string[]> =>
    (await page.locator(`#picture .${timing} > text`).allTextContents()).map((text) => text.replace(/^[^{]*/, ''));
  const refused = (): Promise<readonly string[]> => page.locator('#picture .refused[data-dot]').allTextContents();

  const drag = async (name: string, x: number, y: number): Promise<void> => {
    const box = await handle(name).boundingBox();
    if (box === null) throw new Error(`there is no event ${name}`);
    const [left, top] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(left, top);
    await page.mouse.down();
    await page.mouse.move(left + x / 2, top + y / 2);
    await page.mouse.move(left + x, top + y);
    await page.mouse.up();
  };

  /** How many px a minute is, across and upwards. */
  const minute = async (): Promise<readonly [number, number]> => {
    const [a, b] = [await handle('a').boundingBox(), await handle('b').boundingBox()];
    if (a === null || b === null) throw new Error('there are no two events');
    return [b.x - a.x, a.y - b.y];
  };

  test('an event that is dragged over the gap makes two sessions one, and back', async () => {
    await open();
    await preset('exactly one gap');
    expect(await panes('on-time')).toStrictEqual(['{a}[10s..1m10s)', '{b}[1m10s..2m10s)']);
    const [, up] = await minute();
    await drag('b', 0, up / 6);
    expect(await panes('on-time')).toStrictEqual(['{a,b}[10s..2m)']);
    await drag('b', 0, -up / 6);
    expect(await panes('on-time')).toStrictEqual(['{a}[10s..1m10s)', '{b}[1m10s..2m10s)']);
  });

  test('an event that is dragged to an earlier arrival is not refused any more', async () => {
    await open();
    await preset('exactly one gap');
    const [across] = await minute();
    await preset('late event');
    expect(await refused()).toStrictEqual(['d']);
    await drag('d', -across, 0);
    expect(await refused()).toStrictEqual([]);
    expect(await handle('d').getAttribute('aria-label')).toBe('event d: arrives at 1m30s, event time 40s');
  });

  test('allowed lateness makes a LATE pane of a late event', async () => {
    await open();
    await preset('late event');
    expect([await refused(), await panes('late')]).toStrictEqual([['d'], []]);
    await page.getByLabel('allowed lateness').fill('120');
    expect([await refused(), await panes('late')]).toStrictEqual([[], ['{a,b,d}[10s..1m40s)']]);
  });

  test.each([
    ['gap', '10', ['{a}[10s..20s)', '{b}[30s..40s)', '{d}[40s..50s)', '{c}[2m10s..2m20s)']],
    ['early every', '0', ['{a,b}[10s..1m30s)']],
    ['idle timeout', '20', ['{a,b}[10s..1m30s)', '{c}[2m10s..3m10s)']],
    ['ends at', '60', ['{a,b}[10s..1m30s)']],
  ])('%s can be changed', async (label, value, expected) => {
    await open();
    await page.getByLabel(label).fill(value);
    expect(await panes('on-time')).toStrictEqual(expected);
    if (label === 'early every') expect(await panes('early')).toStrictEqual([]);
    if (label === 'ends at') expect(await page.locator('output[for=until]').textContent()).toBe('2m31s');
  });

  test('accumulation can be changed', async () => {
    await open();
    await page.getByLabel('accumulation').selectOption('DISCARDING');
    expect(await panes('on-time')).toStrictEqual(['{}[10s..1m30s)']);
  });

  test('all can be done by keyboard', async () => {
    await open();
    await preset('exactly one gap');
    await handle('b').focus();
    await page.keyboard.press('ArrowDown');
    expect(await panes('on-time')).toStrictEqual(['{a,b}[10s..2m9s)']);
    expect(await handle('b').getAttribute('aria-label')).toBe('event b: arrives at 1m10s, event time 1m9s');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await handle('b').getAttribute('aria-label')).toBe('event b: arrives at 1m19s, event time 1m9s');
    expect(await page.locator('#told').textContent()).toContain('{a,b}[10s..2m9s)');
    await page.keyboard.press('Delete');
    expect(await page.locator('.handle').count()).toBe(1);
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('event a: arrives at 10s, event time 10s');
    await page.keyboard.press('Backspace');
    expect(await page.evaluate('document.activeElement.id')).toBe('add');
    expect(await page.locator('#told').textContent()).toBe('nothing comes out');
    await page.keyboard.press('Enter');
    expect(await handle('a').getAttribute('aria-label')).toBe('event a: arrives at 10s, event time 10s');
  });

  test('the chosen event can be written in numbers', async () => {
    await open();
    await preset('exactly one gap');
    await handle('b').focus();
    await page.getByLabel('event time, s').fill('65');
    await page.getByLabel('event time, s').press('Enter');
    expect(await panes('on-time')).toStrictEqual(['{a,b}[10s..2m5s)']);
    await page.getByLabel('arrives at, s').fill('100');
    await page.getByLabel('arrives at, s').press('Tab');
    expect(await handle('b').getAttribute('aria-label')).toBe('event b: arrives at 1m40s, event time 1m5s');
    await page.getByLabel('key').selectOption('ada');
    expect(await page.locator('#code').textContent()).toContain('ada.b@1m5s');
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await page.locator('.handle').count()).toBe(1);
  });

  test('a click into the picture adds an event where it is', async () => {
    await open();
    await preset('exactly one gap');
    const [across, up] = await minute();
    const a = await handle('a').boundingBox();
    if (a === null) throw new Error('there is no event a');
    await page.mouse.click(a.x + a.width / 2 + across * 2, a.y + a.height / 2 - up);
    const label = await handle('c').getAttribute('aria-label');
    expect(label).toMatch(/^event c: arrives at 2m(?:9|10|11)s, event time 1m(?:9|10|11)s/);
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe(label);
  });

  test('the address holds the situation', async () => {
    await open();
    await preset('merge');
    await handle('c').focus();
    await page.keyboard.press('Shift+ArrowUp');
    const [address, code] = [page.url(), await page.locator('#code').textContent()];
    expect(address).toContain('events=a@10s,b@1m40s,c@1m5s/1m55s&gap=1m');
    await page.close();
    await open(address.slice(GALLERY.length));
    expect(await page.locator('#code').textContent()).toBe(code);
    await page.evaluate("location.hash = '#events=a@1s,b@2s'");
    await expect(page.locator('.handle').count()).resolves.toBe(2);
    expect(await page.locator('#code').textContent()).toMatch(/source +a +b +!/);
  });

  test('the code can be copied', async () => {
    await open();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.locator('#copied:not(:empty)').waitFor();
    expect(await page.locator('#code').textContent()).toMatch(/^import [^]*score: `\n {4}time [^]*`,\n}\);\n$/);
  });

  test('diagrams can be sought, and opened in the playground', async () => {
    await open();
    const count = page.locator('#count');
    const all = Number.parseInt(await count.textContent() ?? '', 10);
    expect(all).toBe(await page.locator('article').count());
    expect(all).toBeGreaterThan(50);
    await page.locator('#filter').fill('no such diagram');
    await expect(count.textContent()).resolves.toBe('0 diagrams');
    await page.locator('#filter').fill('idle-closes-last');
    await expect(count.textContent()).resolves.toBe('1 diagram');
    await page.locator('article:visible svg').waitFor();
    await page.locator('article:visible').getByRole('button', { name: 'open in the playground' }).click();
    expect(await panes('on-time')).toStrictEqual(['{a}[0s..1m)']);
    expect(page.url()).toContain('events=a@0s');
  });

  test.each(WIDTHS)('at a width of %i nothing is wider than the page, nor is any handle outside of the picture', async (width) => {
    await open('', width);
    for (const button of await page.locator('#presets button').all()) {
      await button.click();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(`(() => {
        const stage = document.querySelector('#stage').getBoundingClientRect();
        return [...document.querySelectorAll('.handle')].map((it) => it.getBoundingClientRect()).every((it) => it.left >= stage.left && it.right <= stage.right && it.top >= stage.top && it.bottom <= stage.bottom);
      })()`)).toBe(true);
    }
    await page.evaluate(`(async () => {
      for (let next; (next = document.querySelector('article:not(:has(svg))')) !== null; await new Promise(requestAnimationFrame)) next.scrollIntoView();
    })()`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('no text of a picture lies on another, with the fonts of this machine', async () => {
    await open();
    const overlaps = (place: string): Promise<readonly string[]> => page.evaluate(`(() => {
      const boxes = [...document.querySelectorAll('${place} text:not(:has(tspan)), ${place} tspan')].map((it) => [it.textContent, it.getBoundingClientRect()]);
      return boxes.flatMap(([text, a], i) => boxes.slice(i + 1)
        .filter(([, b]) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
        .map(([other]) => text + ' and ' + other));
    })()`);
    expect(await overlaps('#picture')).toStrictEqual([]);
    for (const file of readdirSync('docs/marbles')) {
      await page.evaluate(`document.querySelector('#list').innerHTML = ${JSON.stringify(readFileSync(`docs/marbles/${file}`, 'utf8'))}`);
      expect([file, await overlaps('#list')]).toStrictEqual([file, []]);
    }
  });
});
