import { CONNECTING, afterHearing, type Connection } from '../../src/page/connection.js';
import { spokenOf, titleOf, verdictOf } from '../../src/page/verdict.js';
import { NOW, problem, statusWith } from './status.js';

const live = (...args: Parameters<typeof statusWith>): Connection => ({ _tag: 'Live', status: statusWith(...args) });
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('the verdict', () => {
  test.each<[string, Connection, object]>([
    ['nothing has come', CONNECTING, { level: 'waiting', title: 'Connecting' }],
    ['there is no task yet', { _tag: 'Starting' }, { level: 'waiting', title: 'Starting' }],
    ['the state is being restored', live({ phase: 'restoring' }), { level: 'waiting', title: 'Starting' }],
    ['all is well', live(), { level: 'well', title: 'Well' }],
    ['there are warnings', live({ problems: [problem('holding', 'warning')] }), { level: 'warning', title: 'Look at this' }],
    ['something is bad', live({ problems: [problem('commits-fail', 'bad'), problem('holding', 'warning')] }), { level: 'bad', title: 'Not well' }],
    ['it is bad while it ends', live({ phase: 'ending', problems: [problem('commits-fail', 'bad')] }), { level: 'bad', title: 'Not well' }],
    ['it ends', live({ phase: 'ending' }), { level: 'waiting', title: 'Ending' }],
    ['it has ended', { _tag: 'Ended', status: statusWith() }, { level: 'waiting', title: 'Ended' }],
    ['the connection is lost', { _tag: 'Lost', status: statusWith(), since: NOW }, { level: 'bad', title: 'Connection lost' }],
  ])('when %s', (_, connection, verdict) => {
    expect(verdictOf(connection, NOW)).toMatchObject(verdict);
  });

  test('tells in figures how it goes', () => {
    expect(plain(verdictOf(live(), NOW).text)).toBe('Reads 50 000 /s and writes 24 /s. Event time is 12 s behind the clock. Last commit: just now.');
    expect(plain(verdictOf(live({ edges: [] }), NOW).text)).toMatch(/^Nothing has come for ten seconds\. /);
  });

  test('says since when the connection is lost', () => {
    expect(verdictOf({ _tag: 'Lost', status: undefined, since: NOW }, NOW).text).toBe('Nothing has come since 15:32:00 UTC. It is tried again all the time.');
  });

  test('is spoken without what changes every second, and stands in the tab', () => {
    const verdict = verdictOf(live({ problems: [problem('commits-fail', 'bad'), problem('holding', 'warning')] }), NOW);
    expect(spokenOf(verdict)).toBe('Not well: 2 problems, commits fail, holding');
    expect(titleOf(verdict, 'views')).toBe('commits-fail · views · Pages Viewed');
    expect(titleOf(verdictOf(CONNECTING, NOW), undefined)).toBe('Connecting · Pages Viewed');
  });
});

describe('the connection', () => {
  const silent = { _tag: 'Silent', since: NOW } as const;
  const told = { _tag: 'Told', status: statusWith() } as const;

  test('is lost when it falls silent, keeps what it was told last, and remembers since when', () => {
    const lost = afterHearing(live(), silent);
    expect(lost).toEqual({ _tag: 'Lost', status: statusWith(), since: NOW });
    expect(afterHearing(lost, { ...silent, since: NOW + 1 })).toBe(lost);
    expect(afterHearing(lost, told)).toEqual(live());
  });

  test('has ended when it falls silent after it said that it ends; whatever comes then is another run', () => {
    const ended = afterHearing(live({ phase: 'ending' }), silent);
    expect(ended).toMatchObject({ _tag: 'Ended' });
    expect(afterHearing(ended, silent)).toBe(ended);
    expect(afterHearing(ended, told)).toEqual(live());
  });

  test('may never have been there', () => {
    expect(afterHearing(CONNECTING, silent)).toEqual({ _tag: 'Lost', status: undefined, since: NOW });
    expect(afterHearing(CONNECTING, { _tag: 'Told', status: null })).toEqual({ _tag: 'Starting' });
  });
});
