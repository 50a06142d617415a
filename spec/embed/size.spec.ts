import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';

const bundled = async (entry: string): Promise<Uint8Array> => {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', platform: 'browser', external: ['rxjs', 'rxjs/testing'], write: false });
  return outputFiles[0]?.contents ?? new Uint8Array();
};

test('the operators take at most 12 KB of a browser bundle, minified and gzipped, without rxjs', async () => {
  const { byteLength } = gzipSync(await bundled('operators/index.ts'));
  process.stdout.write(`operators, minified and gzipped: ${byteLength} bytes\n`);

  expect(byteLength).toBeGreaterThan(1_000);
  expect(byteLength).toBeLessThanOrEqual(12 * 1_024);
});

test('the marble language goes into a browser bundle, too', async () => {
  expect((await bundled('marbles/index.ts')).byteLength).toBeGreaterThan(1_000);
});
