import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { STYLE } from '../../marbles/drawing/style.js';
import { FILES } from './diagrams.js';

const FOLDER = 'marbles/gallery';

/** The only diagrams that need the application, which does not run in a browser. */
const OF_THE_APPLICATION = 'marbles/pipeline.marbles.ts';

/** The page, and what went into it. */
export interface GalleryPage {
  readonly html: string;
  readonly sources: readonly string[];
}

/** Builds docs/gallery.html: one file with everything in it. */
export const galleryPage = async (): Promise<GalleryPage> => {
  const files = FILES.filter((file) => file !== OF_THE_APPLICATION);
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: [
        `import { startGallery } from './${FOLDER}/gallery.js';`,
        ...files.map((file, i) => `import * as m${i} from './${file}';`),
        `startGallery([${files.map((_, i) => `m${i}`).join(', ')}]);`,
      ].join('\n'),
      resolveDir: resolve('.'),
      loader: 'ts',
    },
    bundle: true, minify: true, write: false, metafile: true, format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'silent',
  });
  const parts = new Map([
    ['style', `${readFileSync(`${FOLDER}/page.css`, 'utf8')}${STYLE}`],
    ['script', (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script')],
  ]);
  const html = readFileSync(`${FOLDER}/page.html`, 'utf8').replace(/\{\{(style|script)\}\}/g, (_, part: string) => parts.get(part) ?? '');
  return { html, sources: Object.keys(metafile.inputs) };
};
