import type { Changed, Pane, Window } from '../types.js';
import type { OpenWindow } from './openWindow.js';

const NO_WINDOWS: readonly Window[] = [];

/**
 * A `Changed`, made for every value and kept for as long as an early pane is due: a class, so that
 * what few ask for costs nothing until somebody does.
 */
export class Announcement<K, V, W extends OpenWindow<K, V>> implements Changed<K, V> {
  readonly _tag = 'Changed';
  readonly window: Window;
  readonly #open: W;
  readonly #replaced: Window | readonly Window[] | undefined;
  readonly #draw: (open: W) => Pane<K, V>;

  /** @param replaced the windows, or the only one, whose place this one takes */
  constructor(open: W, replaced: Window | readonly Window[] | undefined, draw: (open: W) => Pane<K, V>) {
    this.window = open.window;
    this.#open = open;
    this.#replaced = replaced;
    this.#draw = draw;
  }

  get key(): K {
    return this.#open.key;
  }

  get replaces(): readonly Window[] {
    const replaced = this.#replaced;
    if (replaced === undefined) return NO_WINDOWS;
    return 'start' in replaced ? [replaced] : replaced;
  }

  draw(): Pane<K, V> {
    return this.#draw(this.#open);
  }
}
