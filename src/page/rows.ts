import { make, write } from './dom.js';

export interface Cell {
  readonly text: string;
  readonly kind?: 'number' | 'quiet' | 'mono';
  /** What a click does; then it is a button. */
  readonly onClick?: () => void;
}

/** Puts rows into the body of a table. Cells that stay the same are left alone. */
export const fillRows = (body: HTMLTableSectionElement, rows: readonly (readonly Cell[])[], whenEmpty: string): void => {
  if (rows.length === 0) {
    const columns = body.parentElement?.querySelectorAll('thead th').length ?? 1;
    if (body.textContent !== whenEmpty) body.replaceChildren(make('tr', {}, make('td', { colspan: columns, class: 'quiet' }, whenEmpty)));
    return;
  }
  if (body.rows[0]?.cells.length !== rows[0]?.length) body.replaceChildren();
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, index) => {
    const row = body.rows[index] ?? body.insertRow();
    cells.forEach((cell, place) => fillCell(row.cells[place] ?? row.insertCell(), cell));
  });
};

const fillCell = (element: HTMLTableCellElement, { text, kind, onClick }: Cell): void => {
  if (element.className !== (kind ?? '')) element.className = kind ?? '';
  if (!onClick) {
    write(element, text);
    return;
  }
  const button = element.querySelector('button') ?? element.appendChild(make('button', { type: 'button', class: 'link' }));
  write(button, text);
  button.onclick = onClick;
};

/** Terms and what stands beside them. */
export const fillTerms = (list: HTMLDListElement, terms: readonly (readonly [term: string, value: string])[]): void => {
  const values = list.querySelectorAll('dd');
  if (values.length !== terms.length) list.replaceChildren(...terms.map(([term, value]) => make('div', {}, make('dt', {}, term), make('dd', {}, value))));
  else terms.forEach(([, value], index) => {
    const element = values[index];
    if (element) write(element, value);
  });
};
