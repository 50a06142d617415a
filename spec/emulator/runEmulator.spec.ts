import { runEmulator } from '../../src/emulator/runEmulator.js';
import { startEmulator } from '../../src/emulator/startEmulator.js';
import { eventually, Session } from './session.js';

afterEach(() => jest.restoreAllMocks());

test('the command says what it is and how to use it, serves, and closes when it is unsubscribed', async () => {
  const lines: string[] = [];
  const running = runEmulator({ host: '127.0.0.1', port: 0 }).subscribe((line) => lines.push(line));
  const line = await eventually('its line', () => lines[0]);
  const [, address = ''] = /^Pub\/Sub emulator on \S+, in memory, for local use only: PUBSUB_EMULATOR_HOST=(127\.0\.0\.1:\d+)$/.exec(line) ?? [];
  const session = new Session(address);
  await session.topic();
  await session.close();
  running.unsubscribe();

  await eventually('the server to close', () => (process.getActiveResourcesInfo().includes('TCPServerWrap') ? undefined : true));
  const successor = await startEmulator({ port: Number(address.split(':')[1]) });
  await successor.close();
});

test('a port that is taken is the error of the command', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined); // the gRPC library says it there, too
  const emulator = await startEmulator();
  const errors: unknown[] = [];
  runEmulator({ host: '127.0.0.1', port: Number(emulator.address.split(':')[1]) }).subscribe({ error: (error: unknown) => errors.push(error) });
  expect(String(await eventually('the error', () => errors[0]))).toContain(`cannot listen on ${emulator.address}`);
  await emulator.close();
});
