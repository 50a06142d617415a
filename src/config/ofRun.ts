import { Setting } from './setting.js';

/** A setting of `run`, under another heading and, where it serves something else, in other words. */
export const ofRun = <A>(it: Setting<A>, group: string, description = it.about.description): Setting<A> => {
  const { secret, default: fixed } = it.about;
  return new Setting(it.kind, it, { group, description, ...(secret && { secret }), ...(fixed !== undefined && { default: fixed }) });
};
