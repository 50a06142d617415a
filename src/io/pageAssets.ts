import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Reply, Route } from './httpServer.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The files of a web page as routes: `index.html` at `/`, the others by their names. They are read once,
 * here; of a folder that is not there come no routes.
 */
export const pageAssets = (folder: string): ReadonlyMap<string, Route> => {
  const routes = new Map<string, Route>();
  for (const name of filesOf(folder)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const reply: Reply = { status: 200, type, body: readFileSync(join(folder, name)) };
    routes.set(name === 'index.html' ? '/' : `/${name}`, { _tag: 'Answer', isForBrowsers: true, answer: () => reply });
  }
  return routes;
};

const filesOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
