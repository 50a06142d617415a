import type { Changed, Pane, Window } from '../types.js';
import type { Session } from './session.js';

/** A `Changed`, made for every value: a class, so that `draw` costs nothing until somebody calls it. */
export class Announcement<K, V> implements Changed<K, V> {
  readonly _tag = 'Changed';
  readonly key: K;
  readonly window: Window;
  readonly #session: Session<K, V>;
  readonly #draw: (session: Session<K, V>) => Pane<K, V>;

  constructor(
    session: Session<K, V>,
    readonly replaces: readonly Window[],
    draw: (session: Session<K, V>) => Pane<K, V>,
  ) {
    this.key = session.key;
    this.window = session.window;
    this.#session = session;
    this.#draw = draw;
  }

  draw(): Pane<K, V> {
    return this.#draw(this.#session);
  }
}
