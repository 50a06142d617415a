import { draw } from '../drawing/picture.js';
import type { Diagram } from '../diagram.js';
import { byId, make } from './dom.js';
import { asMarkup } from './pictures.js';
import { sameSituation } from './sameSituation.js';
import type { Situation } from './situation.js';

/** A picture is not wider, in px. */
const WIDEST = 900;

/** All diagrams below each other, drawn when they come into sight. */
export class Catalogue {
  private readonly list = byId('list', HTMLElement);
  private readonly filter = byId('filter', HTMLInputElement);
  private readonly cards: readonly { readonly card: HTMLElement; readonly diagram: Diagram; readonly text: string }[];

  constructor(diagrams: readonly Diagram[], private readonly open: (situation: Situation) => void) {
    this.cards = diagrams.map((diagram) => {
      const card = make('article', { id: diagram.id }, make('h4', {}, diagram.title), make('p', { class: 'id' }, diagram.id), make('div', { class: 'picture' }));
      return { card, diagram, text: `${diagram.id} ${diagram.title} ${diagram.text}`.toLowerCase() };
    });
    for (const name of new Set(diagrams.map(operatorOf))) {
      this.list.append(make('section', {}, make('h3', {}, name), ...this.cards.filter(({ diagram }) => operatorOf(diagram) === name).map(({ card }) => card)));
    }
    this.filter.addEventListener('input', () => this.sift());
    this.sift();

    const sight = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const found = this.cards.find(({ card }) => card === target);
        if (!isIntersecting || found === undefined) continue;
        sight.unobserve(target);
        this.offer(found.card, found.diagram);
        this.paint(found.card, found.diagram);
      }
    }, { rootMargin: '600px' });
    for (const { card } of this.cards) sight.observe(card);

    let width = this.list.clientWidth;
    new ResizeObserver(() => {
      if (width === this.list.clientWidth) return;
      width = this.list.clientWidth;
      for (const { card, diagram } of this.cards) if (card.querySelector('svg') !== null) this.paint(card, diagram);
    }).observe(this.list);
  }

  private sift(): void {
    const words = this.filter.value.toLowerCase().split(/\s+/);
    const shown = this.cards.filter(({ card, text }) => {
      card.hidden = !words.every((word) => text.includes(word));
      return !card.hidden;
    });
    for (const section of this.list.children) section.toggleAttribute('hidden', section.querySelector('article:not([hidden])') === null);
    byId('count', HTMLElement).textContent = shown.length === 1 ? '1 diagram' : `${shown.length} diagrams`;
  }

  private paint(card: HTMLElement, diagram: Diagram): void {
    const picture = card.querySelector('.picture');
    if (picture !== null) picture.innerHTML = asMarkup(draw(diagram, { width: Math.min(WIDEST, picture.clientWidth) }), diagram.title);
  }

  private offer(card: HTMLElement, diagram: Diagram): void {
    const situation = sameSituation(diagram);
    if (situation === undefined) return;
    const button = make('button', { type: 'button' }, 'open in the playground');
    button.addEventListener('click', () => this.open(situation));
    card.append(button);
  }
}

/** What a diagram is about, as its id begins. */
const operatorOf = ({ id }: Diagram): string => id.slice(0, id.indexOf('/'));
