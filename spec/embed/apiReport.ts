import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The public API behind one door of the package as it was packed last, as a text that a change of it changes. */
export const apiReport = (door: string): string => {
  const root = resolve('dist/library');
  const reports = resolve('dist/api');
  mkdirSync(reports, { recursive: true });
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, `esm/${door}/index.d.ts`),
      compiler: { overrideTsconfig: { compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: [] }, files: [join(root, `esm/${door}/index.d.ts`)] } },
      apiReport: { enabled: true, reportFolder: reports, reportTempFolder: join(reports, 'temp'), reportFileName: door },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None }, 'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  Extractor.invoke(config, { localBuild: true, messageCallback: (message) => (message.handled = true), typescriptCompilerFolder: resolve('node_modules/typescript') });
  return readFileSync(join(reports, `${door}.api.md`), 'utf8');
};
