import { startEmulator } from '../../src/emulator/startEmulator.js';
import { Session } from '../emulator/session.js';
import { describeWith } from '../support/requires.js';
import { exceptions } from './exceptions.js';
import { startPstest, type PubsubServer } from './pubsubServers.js';
import { rules } from './rules.js';

/** The same rules, through the real client, for the embedded emulator and for Google's own fake: so the fake judges the emulator. */

let server: PubsubServer;
let session: Session;

const serve = (start: () => Promise<PubsubServer>, patience?: number): void => {
  beforeAll(async () => {
    server = await start();
    session = new Session(server.address, patience);
  }, 600_000);

  afterAll(async () => {
    await session.close();
    await server.close();
  });
};

describe('the embedded emulator', () => {
  serve(startEmulator);
  test.each([...rules, ...exceptions])('$rule', ({ check }) => check(session), 60_000);
});

describeWith('go', "Google's fake", () => {
  serve(startPstest);
  test.each(rules)('$rule', ({ check }) => check(session), 60_000);
});

// An exception must stay true: when the fake has learned it, its row belongs among the rules.
describeWith('go', "Google's fake still lacks", () => {
  serve(startPstest, 2_000);
  test.each(exceptions)('$rule (it $pstest)', ({ check }) => expect(check(session)).rejects.toThrow(), 60_000);
});
