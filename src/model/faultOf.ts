import * as t from 'io-ts';
import type { Fault } from './deadLetter.js';
import { shown } from './shown.js';

/** What a codec found wrong, by the place where it stands. */
export const faultOf = ({ context, value }: t.ValidationError): Fault => {
  const places = ['$'];
  let expected = '';
  // The whole body has no key, and the parts of an intersection are no places in it.
  let isPlace = false;
  for (const { key, type } of context) {
    if (isPlace) places.push(key);
    isPlace = !(type instanceof t.IntersectionType);
    expected = type.name;
  }
  return { path: places.join('.'), expected, got: shown(value) };
};
