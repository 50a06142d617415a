import type { Problem } from '../status/status.js';
import runbook from '../../docs/runbook.md';
import { byId, make, write } from './dom.js';
import { runbookSection } from './runbook.js';
import { spokenOf, type Verdict } from './verdict.js';

const COLOURS = { well: '#2f9e44', warning: '#f08c00', bad: '#e03131', waiting: '#868e96' } as const;

const icon = (level: Verdict['level']): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${COLOURS[level]}"/></svg>`)}`;

/** Says whether all is well, to eyes, ears and the tab. */
export const verdictView = (): ((verdict: Verdict) => void) => {
  const [section, title, text] = [byId('verdict', HTMLElement), byId('verdict-title', HTMLElement), byId('verdict-text', HTMLElement)];
  const [list, spoken, favicon] = [byId('problems', HTMLElement), byId('spoken', HTMLElement), byId('icon', HTMLLinkElement)];
  let shown = '';
  return (verdict) => {
    const { level, problems } = verdict;
    if (section.dataset['level'] !== level) {
      section.dataset['level'] = level;
      favicon.href = icon(level);
    }
    write(title, verdict.title);
    write(text, verdict.text);
    write(spoken, spokenOf(verdict));
    const ids = problems.map(({ id }) => id).join();
    if (ids !== shown) list.replaceChildren(...problems.map(problemView));
    shown = ids;
    list.querySelectorAll('.what').forEach((it, index) => write(it, problems[index]?.text ?? ''));
  };
};

const problemView = ({ id, level, text }: Problem): HTMLLIElement => {
  const advice = runbookSection(runbook, id).map((it) => make('p', {}, ...(it.lead === '' ? [] : [make('strong', {}, it.lead), ' ']), it.text));
  const section = make('details', {}, make('summary', {}, `What to do: runbook, ${id}`), ...advice);
  return make('li', { 'data-level': level }, make('p', { class: 'what' }, text), ...(advice.length === 0 ? [] : [section]));
};
