import type { Page } from 'playwright-core';

export interface Focused {
  readonly name: string;
  readonly isOutlined: boolean;
}

/** What the tab key leads to, one after the other. */
export const focusOrder = async (page: Page, steps: number): Promise<readonly Focused[]> => {
  const order: Focused[] = [];
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press('Tab');
    order.push(await page.evaluate(`(() => {
      const it = document.activeElement;
      const label = it.labels?.[0]?.innerText ?? it.getAttribute('aria-label') ?? document.getElementById(it.getAttribute('aria-labelledby') ?? '')?.innerText ?? it.innerText;
      const { outlineStyle, outlineWidth } = getComputedStyle(it);
      return { name: label, isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    })()`));
  }
  return order;
};

/** Texts that can be seen and have less contrast than that to what is behind them; with the opacity of what they are in. */
export const lowContrasts = (page: Page, least: number): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const parsed = (colour) => { const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
    const over = (front, a, back) => front.map((it, i) => it * a + back[i] * (1 - a));
    const luminance = (rgb) => rgb.map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)).reduce((sum, it, i) => sum + it * [0.2126, 0.7152, 0.0722][i], 0);
    const ancestors = (it) => { const all = []; for (let at = it; at; at = at.parentElement) all.push(at); return all; };
    const behind = (it) => ancestors(it).reverse().reduce((back, at) => { const { rgb, a } = parsed(getComputedStyle(at).backgroundColor); return over(rgb, a, back); }, [255, 255, 255]);
    const found = [];
    for (const it of document.querySelectorAll('body *')) {
      const ownText = [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
      if (!ownText || !it.checkVisibility({ visibilityProperty: true }) || it.closest('.unseen') || it.tagName === 'title' || it.tagName === 'NOSCRIPT') continue;
      const style = getComputedStyle(it);
      const opacity = ancestors(it).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1);
      const back = behind(it);
      const front = over(parsed(it instanceof SVGElement ? style.fill : style.color).rgb, opacity, back);
      const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < ${least}) found.push(it.tagName + '.' + it.getAttribute('class') + ' ' + it.textContent.slice(0, 30) + ': ' + contrast.toFixed(2));
    }
    return found;
  })()`);
