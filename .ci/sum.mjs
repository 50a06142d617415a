// Adds up jest's reports: "N passed, N failed", and exit 1 when a test failed, a suite broke or anything was skipped.
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const sum = (of) => reports.reduce((total, report) => total + of(report), 0);
const passed = sum((it) => it.numPassedTests);
const failed = sum((it) => it.numFailedTests + it.numRuntimeErrorTestSuites);
const skipped = sum((it) => it.numPendingTests + it.numTodoTests);
if (skipped > 0) console.log(`${skipped} skipped: nothing may be skipped here`);
console.log(`${passed} passed, ${failed + skipped} failed`);
process.exit(failed + skipped > 0 || passed === 0 ? 1 : 0);
