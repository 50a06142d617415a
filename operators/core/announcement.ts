import type { Changed, Pane, Window } from '../types.js';
import type { OpenWindow } from './openWindow.js';

/** A `Changed`, made for every value: a class, so that `draw` costs nothing until somebody calls it. */
export class Announcement<K, V, W extends OpenWindow<K, V>> implements Changed<K, V> {
  readonly _tag = 'Changed';
  readonly key: K;
  readonly window: Window;
  readonly #open: W;
  readonly #draw: (open: W) => Pane<K, V>;

  constructor(
    open: W,
    readonly replaces: readonly Window[],
    draw: (open: W) => Pane<K, V>,
  ) {
    this.key = open.key;
    this.window = open.window;
    this.#open = open;
    this.#draw = draw;
  }

  draw(): Pane<K, V> {
    return this.#draw(this.#open);
  }
}
