export { diagram, rowOf, type Diagram, type Drawn, type End, type Given, type Output } from './diagram.js';
export { collected, elements, marks, type Mark } from './mark.js';
export { notation, valueText } from './notation.js';
export { PlayError, record, type Playable, type Recording } from './record.js';
export { MarbleMismatch, run, type AssertEqual } from './run.js';
export { marbleMatchers } from './jest.js';
export { ScoreError, parseScore, printScore, type Cell, type Column, type Row, type Score } from './score.js';
export { parseTime, printTime } from './time.js';
