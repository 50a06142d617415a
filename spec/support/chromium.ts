import { execFileSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Starts the Chromium of this machine, headless; for specs in a `describeWith('chromium', …)`. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome'], { encoding: 'utf8' }).trim() });
