import type { Diagram } from '../diagram.js';
import { Catalogue } from './catalogue.js';
import { byId } from './dom.js';
import { Playground } from './playground.js';

/** Brings the page to life, with all the diagrams that these modules export. */
export const startGallery = (modules: readonly Readonly<Record<string, unknown>>[]): void => {
  const playground = new Playground();
  const diagrams = modules.flatMap((exports) => Object.values(exports)).filter(isDiagram);
  new Catalogue(diagrams, (situation) => {
    playground.open(situation);
    byId('playground', HTMLElement).scrollIntoView();
  });
};

const isDiagram = (value: unknown): value is Diagram => typeof value === 'object' && value !== null && 'play' in value && 'score' in value && 'marks' in value;
