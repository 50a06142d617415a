/** An element of a picture. */
export interface Markup {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Markup | string)[];
}

/** Reads XML, strictly. */
export const readXml = (text: string): Markup => {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const [found] = new RegExp(pattern.source, 'uy').exec(text.slice(at)) ?? [];
    at += found?.length ?? 0;
    return found;
  };
  const must = (pattern: RegExp): string => {
    const found = take(pattern);
    if (found === undefined) throw new SyntaxError(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    return found;
  };
  const readElement = (): Markup => {
    must(/</);
    const name = must(/[a-z]+/i);
    const attributes: Record<string, string> = {};
    while (take(/ +(?=[a-z])/i) !== undefined) {
      const key = must(/[a-zA-Z-]+/);
      must(/="/);
      if (key in attributes) throw new SyntaxError(`${name} has ${key} twice`);
      attributes[key] = unescaped(must(/[^"<]*/));
      must(/"/);
    }
    if (take(/\/>/) !== undefined) return { name, attributes, children: [] };
    must(/>/);
    const children: (Markup | string)[] = [];
    while (take(new RegExp(`</${name}>`)) === undefined) children.push(text[at] === '<' ? readElement() : unescaped(must(/[^<]+/)));
    return { name, attributes, children };
  };
  const root = readElement();
  must(/\n$/);
  return root;
};

const unescaped = (text: string): string =>
  text.replace(/&[^;]*;?|>/g, (found) => {
    const meant = ENTITIES.get(found);
    if (meant === undefined) throw new SyntaxError(`not well-formed: "${found}" in "${text}"`);
    return meant;
  });

const ENTITIES = new Map([['&amp;', '&'], ['&lt;', '<'], ['&gt;', '>'], ['&quot;', '"']]);

/** All elements within, itself too, in their order. */
export const allIn = (markup: Markup): readonly Markup[] => [markup, ...markup.children.flatMap((child) => (typeof child === 'string' ? [] : allIn(child)))];

export const textOf = ({ children }: Markup): string => children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

export const classesOf = ({ attributes }: Markup): readonly string[] => (attributes['class'] ?? '').split(' ');

export const numberOf = ({ attributes }: Markup, name: string): number => Number(attributes[name]);

export interface Box {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The room that its lines of text take, in a font of one width. */
export const textBoxesIn = (markup: Markup): readonly Box[] =>
  allIn(markup).filter(({ name }) => name === 'text').flatMap((it) => {
    const isIn = (kind: string): boolean => classesOf(it).includes(kind);
    const lines = it.children.some((child) => typeof child !== 'string') ? allIn(it).filter(({ name }) => name === 'tspan') : [it];
    return lines.map((line): Box => {
      const [size, text] = [isIn('small') ? 10 : 11, textOf(line)];
      const width = Array.from(text).length * size * 0.6;
      const left = numberOf(line, 'x') - (isIn('mid') ? width / 2 : isIn('end') ? width : 0);
      const base = numberOf(line, 'y');
      return { text, left, right: left + width, top: base - size * 0.75, bottom: base + size * 0.2 };
    });
  });

/** The points of a path of straight lines. */
export const pointsOf = (path: Markup): readonly (readonly [x: number, y: number])[] =>
  [...(path.attributes['d'] ?? '').matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

export const boxOfPath = (path: Markup): Box => {
  const points = pointsOf(path);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { text: path.attributes['d'] ?? '', left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};

/** Pairs that lie on one another. */
export const overlapsAmong = (boxes: readonly Box[]): readonly string[] =>
  boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => `${a.text} and ${b.text}`));
