import { PageViewEvent } from '../../src/model/pageView.js';
import type { ValidEvent } from '../../src/model/sessionEvent.js';
import { decodeEvent } from '../../src/stages/decodeEvent.js';
import { messageOf } from '../pipeline/play.js';

/** A page view with these fields beside the required ones, as the validation lets it pass. */
export const validEvent = (fields: Readonly<Record<string, unknown>>, attributes?: Record<string, string>): ValidEvent<PageViewEvent> => {
  const decoded = decodeEvent(PageViewEvent)(messageOf({ at: 0, fields, ...(attributes && { attributes }) }));
  if (decoded._tag === 'Left') throw new Error(JSON.stringify(decoded.left.faults));
  return decoded.right;
};
