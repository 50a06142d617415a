import * as t from 'io-ts';
import { integer, text } from './kind.js';
import { logLevel, type LogLevel } from './names.js';
import { setting } from './setting.js';

/** Every setting of `pages-viewed emulator`. */
export const emulatorSettings = {
  host: setting(text('address'), { group: 'Server', default: '127.0.0.1', description: 'Address to listen on. There is no authentication: keep it local.' }),
  port: setting(integer({ min: 0, max: 65_535 }), { group: 'Server', default: 8085, description: 'Port to listen on; 0 takes a free one.' }),
  log_level: setting(logLevel, { group: 'General', default: 'info', description: 'Least level that is logged: JSON lines on stderr.' }),
};

export const EmulatorSettings = t.type(emulatorSettings);

/** What `pages-viewed emulator` is to do. */
export interface EmulatorConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
}
