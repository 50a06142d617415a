import type { ExplainedSession } from '../status/explainedSession.js';
import { byId, make, write } from './dom.js';
import { sessionText, type SessionPart } from './sessionText.js';

export interface SessionView {
  /** Looks for this one from now on. */
  find(id: string): void;
  /** Asks again for the one that is looked for. */
  refresh(now: number): void;
}

/** A form for a session id, and what there is of it now. The id stays on the page: it is not put into the address. */
export const sessionView = (): SessionView => {
  const [form, input, answer, found] = [byId('session-form', HTMLFormElement), byId('session-id', HTMLInputElement), byId('session-answer', HTMLElement), byId('session-found', HTMLElement)];
  let sought = '';
  let now = Date.now();
  let isAsking = false;

  const show = (text: string, parts: readonly SessionPart[]): void => {
    write(answer, text);
    found.replaceChildren(...parts.map(partView));
  };

  const ask = async (): Promise<void> => {
    if (sought === '' || isAsking) return;
    isAsking = true;
    const id = sought;
    try {
      const response = await fetch(`/session?id=${encodeURIComponent(id)}`);
      const explained: ExplainedSession | null = response.ok ? await response.json() : null;
      if (id !== sought) return;
      const parts = explained ? sessionText(explained, now) : [];
      if (!response.ok) show(`It cannot be asked: ${response.status}.`, []);
      else if (parts.length === 0) show('Nothing is known of this session now: no event of it has come, or what came is closed and forgotten.', []);
      else show('This is known of it now:', parts);
    } catch {
      show('It cannot be asked: the connection is lost.', []);
    } finally {
      isAsking = false;
      if (id !== sought) void ask();
    }
  };

  const find = (id: string): void => {
    input.value = id;
    sought = id.trim();
    if (sought === '') show('', []);
    else void ask();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    find(input.value);
  });
  return {
    find: (id) => {
      find(id);
      input.scrollIntoView({ block: 'center' });
      input.focus();
    },
    refresh: (at) => {
      now = at;
      void ask();
    },
  };
};

const partView = ({ title, text, columns, rows }: SessionPart): HTMLElement => {
  const head = make('thead', {}, make('tr', {}, ...columns.map((name) => make('th', { scope: 'col' }, name))));
  const body = make('tbody', {}, ...rows.map((cells) => make('tr', {}, ...cells.map((cell) => make('td', {}, cell)))));
  return make('div', { class: 'part' }, make('h3', {}, title), ...(text === '' ? [] : [make('p', {}, text)]), ...(rows.length === 0 ? [] : [make('div', { class: 'scroll' }, make('table', {}, head, body))]));
};
