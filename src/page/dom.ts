/** The element of the page that has this id. */
export const byId = <T extends Element>(id: string, kind: { readonly name: string; readonly prototype: T; new (): T }): T => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} "${id}"`);
  return found;
};

export type Attributes = Readonly<Record<string, string | number>>;

/** A new element with attributes and children. */
export const make = <K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly (Node | string)[]): HTMLElementTagNameMap[K] => furnished(document.createElement(tag), attributes, children);

/** The same of SVG. */
export const draw = <K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly (Node | string)[]): SVGElementTagNameMap[K] =>
  furnished(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

const furnished = <E extends Element>(element: E, attributes: Attributes, children: readonly (Node | string)[]): E => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
};

/** Writes only what has changed, so that a selection stays and nothing is laid out anew. */
export const write = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};
