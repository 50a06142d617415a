/** What every picture is styled with: its own background, so that it can be read on any page, in light and dark. */
export const STYLE = [
  '.marbles{--paper:#fff;--ink:#1f2933;--quiet:#616e7c;--line:#e4e7eb;--water:#0b7a8f;--early:#1864ab;--early-fill:#e3f0fc;--on-time:#2b6e2f;--on-time-fill:#e3f6e4;--late:#a84300;--late-fill:#fff0df;--refused:#c92a2a;--refused-fill:#ffe9e9;--plain-fill:#f1f3f5;--k0:#4263eb;--k1:#a63fc0;--k2:#087f5b;--k3:#a0522d;--k4:#5f6b76;',
  'background:var(--paper);font:500 11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}',
  '@media(prefers-color-scheme:dark){.marbles{--paper:#14181d;--ink:#e4e7eb;--quiet:#9aa5b1;--line:#2b323a;--water:#4fd1e4;--early:#8ec5ff;--early-fill:#132c47;--on-time:#8fdc94;--on-time-fill:#15341a;--late:#ffb26b;--late-fill:#42260b;--refused:#ff8f8f;--refused-fill:#461a1d;--plain-fill:#242b33}}',
  '.marbles .paper{fill:var(--paper)}.marbles text{fill:var(--ink)}.marbles .small{font-size:10px}.marbles .quiet{fill:var(--quiet)}.marbles .mid{text-anchor:middle}.marbles .end{text-anchor:end}',
  '.marbles .grid{stroke:var(--line);fill:none}.marbles .axis{stroke:var(--quiet);fill:none}.marbles .now{stroke:var(--quiet);stroke-dasharray:2 4;fill:none}.marbles .sign{stroke:var(--ink);stroke-width:2.5;fill:none;stroke-linecap:round}',
  '.marbles .wet{fill:var(--water);opacity:.09}.marbles .line{stroke:var(--water);stroke-width:2;fill:none;stroke-linejoin:round}.marbles .water{fill:var(--water)}',
  '.marbles .ball{stroke:var(--paper);stroke-width:1.5}.marbles .ball+text{fill:#fff}.marbles .flag+text{fill:var(--paper)}.marbles .flag{fill:var(--water)}.marbles .befalls{fill:var(--quiet)}.marbles .pill{stroke-linejoin:round}',
  '.marbles .bar{fill-opacity:.13;stroke-opacity:.55}.marbles .edge{stroke:var(--quiet);stroke-width:3;stroke-linecap:round}',
  ...[0, 1, 2, 3, 4].map((i) => `.marbles .k${i} .ball,.marbles .bar.k${i}{fill:var(--k${i})}.marbles .bar.k${i}{stroke:var(--k${i})}`),
  ...['early', 'on-time', 'late', 'refused', 'plain'].map((kind) => {
    const ink = kind === 'plain' ? 'var(--ink)' : `var(--${kind})`;
    return `.marbles .${kind} .pill{fill:var(--${kind}-fill);stroke:${kind === 'plain' ? 'var(--quiet)' : ink};stroke-opacity:.5}.marbles .${kind}>text{fill:${ink}}${kind === 'plain' || kind === 'refused' ? '' : `.marbles .edge.${kind}{stroke:${ink}}`}`;
  }),
  '.marbles .behind .ball{stroke:var(--late);stroke-width:2.5}.marbles .refused .ball{fill:var(--refused-fill);stroke:var(--refused);stroke-width:2}.marbles .refused .ball+text{fill:var(--refused)}.marbles .refused .strike{stroke:var(--refused);stroke-width:1.5;opacity:.6}',
].join('\n');

/** Keys have this many colours. */
export const KEY_COLOURS = 5;
