import { readFileSync, writeFileSync } from 'node:fs';
import { galleryPage } from './galleryPage.js';

const PAGE = 'docs/gallery.html';

test('docs/gallery.html is built from the diagrams and the operators as they are; WRITE_DOCS=1 (npm run docs) builds it', async () => {
  const { html, sources } = await galleryPage();
  if (process.env['WRITE_DOCS'] === '1') writeFileSync(PAGE, html);
  expect(readFileSync(PAGE, 'utf8') === html).toBe(true);
  expect(sources.filter((source) => !/^(?:marbles|operators|node_modules\/(?:rxjs|tslib))\/|^<stdin>$/.test(source))).toStrictEqual([]);
});
