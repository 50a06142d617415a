import { Drive } from './drive.js';
import { diagram } from './marbles.js';
import { el, sessions } from './sessions.js';
import { changed, closed, hit, late, pane, watermark, window } from './values.js';

/** Which session a hit belongs to, and whether it is live, late or historic. The gap is 10 ms. */
describe('sessionWindow: class of an event', () => {
  describe('gap', () => {
    test('two hits exactly one gap apart are two sessions', diagram({
      operator: sessions(),
      source: '-a-b-w', given: { a: el('/', 10), b: el('/buy', 20), w: watermark(30) },
      result: '-a-b-(A1B2w)',
      expected: { a: changed(10, 20), b: changed(20, 30), A: pane(10, 20, [hit('/', 10)]), 1: closed(10, 20), B: pane(20, 30, [hit('/buy', 20)]), 2: closed(20, 30), w: watermark(30) },
    }));

    test('one millisecond less and they are one', diagram({
      operator: sessions(),
      source: '-a-b-w', given: { a: el('/', 10), b: el('/buy', 19), w: watermark(29) },
      result: '-a-b-(A1w)',
      expected: { a: changed(10, 20), b: changed(10, 29, [window(10, 20)]), A: pane(10, 29, [hit('/', 10), hit('/buy', 19)]), 1: closed(10, 29), w: watermark(29) },
    }));

    test('the same holds against the order of arrival', diagram({
      operator: sessions(),
      source: '-b-a-c-', given: { a: el('/', 10), b: el('/buy', 20), c: el('/before', 1) },
      result: '-b-a-c-', expected: { b: changed(20, 30), a: changed(10, 20), c: changed(1, 20, [window(10, 20)]) },
    }));
  });

  describe('watermark', () => {
    test('a window fires when the watermark reaches its end, not a millisecond before', diagram({
      operator: sessions(),
      source: '-a-v-w', given: { a: el('/', 10), v: watermark(19.999), w: watermark(20) },
      result: '-a-v-(A1w)', expected: { a: changed(10, 20), v: watermark(19.999), A: pane(10, 20, [hit('/', 10)]), 1: closed(10, 20), w: watermark(20) },
    }));

    test('a hit behind the watermark is live while its window ends after it', diagram({
      operator: sessions(),
      source: 'v-a-w', given: { v: watermark(25), a: el('/', 16), w: watermark(26) },
      result: 'v-a-(A1w)', expected: { v: watermark(25), a: changed(16, 26), A: pane(16, 26, [hit('/', 16)]), 1: closed(16, 26), w: watermark(26) },
    }));
  });

  describe('late', () => {
    const first = { a: el('/', 10), w: watermark(20) };
    const fired = { a: changed(10, 20), A: pane(10, 20, [hit('/', 10)]), 1: closed(10, 20), w: watermark(20) };

    test('a hit whose window overlaps a closed session of its key', diagram({
      operator: sessions(),
      source: 'a-w-----b', given: { ...first, b: el('/late', 19) },
      result: 'a-(A1w)-l', expected: { ...fired, l: late(hit('/late', 19), 20) },
    }));

    test('also one that begins before it and reaches into it', diagram({
      operator: sessions(),
      source: 'a-w-----b-c', given: { ...first, b: el('/late', 0.5), c: el('/before', 0) },
      consumer: '^-----------!',
      result: 'a-(A1w)-l-c', expected: { ...fired, l: late(hit('/late', 0.5), 20), c: changed(0, 10) },
    }));

    test('also one that touches an open session as well', diagram({
      operator: sessions(),
      source: 'a-w-----b-c', given: { ...first, b: el('/open', 28), c: el('/late', 19) },
      result: 'a-(A1w)-b-l', expected: { ...fired, b: changed(28, 38), l: late(hit('/late', 19), 20) },
    }));

    test('also one the session had already counted: a row that comes again', diagram({
      operator: sessions(),
      source: 'a-w-----b', given: { ...first, b: el('/', 10) },
      result: 'a-(A1w)-l', expected: { ...fired, l: late(hit('/', 10), 20) },
    }));

    test('a hit at the end of a closed session opens the next one', diagram({
      operator: sessions(),
      source: 'a-w-----b', given: { ...first, b: el('/next', 20) },
      result: 'a-(A1w)-b', expected: { ...fired, b: changed(20, 30) },
    }));

    test('another key is not concerned', diagram({
      operator: sessions(),
      source: 'a-w-----b', given: { ...first, b: el('/', 12, 'other') },
      result: 'a-(A1w)-b', expected: { ...fired, b: changed(12, 22, [], 'other') },
    }));
  });

  describe('finality', () => {
    test('with no lateness allowed an event between a closed session and the watermark opens no session that overlaps it', diagram({
      operator: sessions({ gap: 5 }),
      source: 'a-w-----b', given: { a: el('/', 0), w: watermark(6), b: el('/late', 3) },
      result: 'a-(A1w)-l', expected: { a: changed(0, 5), A: pane(0, 5, [hit('/', 0)]), 1: closed(0, 5), w: watermark(6), l: late(hit('/late', 3), 6) },
    }));
  });

  describe('merge', () => {
    test('an event that touches two sessions makes them one', diagram({
      operator: sessions(),
      source: '-a-b-c-w', given: { a: el('/', 10), b: el('/buy', 25), c: el('/look', 17), w: watermark(35) },
      result: '-a-b-c-(A1w)',
      expected: {
        a: changed(10, 20), b: changed(25, 35), c: changed(10, 35, [window(10, 20), window(25, 35)]),
        A: pane(10, 35, [hit('/', 10), hit('/look', 17), hit('/buy', 25)]), 1: closed(10, 35), w: watermark(35),
      },
    }));
  });

  describe('duplicates', () => {
    test('a hit that adds nothing brings no pane, no announcement and no growth', diagram({
      operator: sessions(),
      source: '-a-b-a-b-w', given: { a: el('/', 10), b: el('/buy', 12), w: watermark(22) },
      result: '-a-b-----(A1w)',
      expected: { a: changed(10, 20), b: changed(10, 22, [window(10, 20)]), A: pane(10, 22, [hit('/', 10), hit('/buy', 12)]), 1: closed(10, 22), w: watermark(22) },
    }));

    test('two pages at the same time are two hits', diagram({
      operator: sessions(),
      source: '-b-a-w', given: { a: el('/a', 10), b: el('/b', 10), w: watermark(20) },
      result: '-b-a-(A1w)', expected: { b: changed(10, 20), a: changed(10, 20), A: pane(10, 20, [hit('/a', 10), hit('/b', 10)]), 1: closed(10, 20), w: watermark(20) },
    }));

    test('one that adds nothing to an empty accumulator opens nothing', diagram({
      operator: sessions({ aggregate: { create: () => [], add: () => undefined, merge: (a) => a } }),
      source: '-a-|', given: { a: el('/', 10) },
      result: '---|',
    }));
  });

  describe('historic data', () => {
    const old = watermark(1_000);

    test('it is not refused: its session closes after two gaps of processing time', diagram({
      operator: sessions({ closedSessionMemory: 30 }),
      source: 'o-a 60ms -', given: { o: old, a: el('/', 10) },
      result: 'o-a 19ms A 29ms c', expected: { o: old, a: changed(10, 20), A: pane(10, 20, [hit('/', 10)], { historic: true }), c: closed(10, 20) },
    }));

    test('each new hit makes it wait anew, a duplicate does not', diagram({
      operator: sessions({ historicTimeout: 5, closedSessionMemory: 30 }),
      source: 'o-a---b---a-', given: { o: old, a: el('/', 10), b: el('/buy', 12) },
      consumer: '^------------!',
      result: 'o-a---b----A', expected: { o: old, a: changed(10, 20), b: changed(10, 22, [window(10, 20)]), A: pane(10, 22, [hit('/', 10), hit('/buy', 12)], { historic: true }) },
    }));

    test('a watermark does not close it', diagram({
      operator: sessions({ closedSessionMemory: 30 }),
      source: 'o-a-w', given: { o: old, a: el('/', 10), w: watermark(2_000) },
      consumer: '^-----!',
      result: 'o-a-w', expected: { o: old, a: changed(10, 20), w: watermark(2_000) },
    }));

    test('the boundary: a window that ends at the watermark is historic, one that ends after it is live', diagram({
      operator: sessions({ historicTimeout: 5 }),
      source: 'o-(ab) 10ms -', given: { o: old, a: el('/', 990, 'at'), b: el('/', 990.5, 'after') },
      consumer: '^----------!',
      result: 'o-(ab)-A', expected: { o: old, a: changed(990, 1_000, [], 'at'), b: changed(990.5, 1_000.5, [], 'after'), A: pane(990, 1_000, [hit('/', 990, 'at')], { key: 'at', historic: true }) },
    }));

    test('a historic session that grows past the watermark is live: the watermark closes it and the clock does not', diagram({
      operator: sessions(),
      source: '  v-a-b 50ms w', given: { v: watermark(25), a: el('/', 8), b: el('/buy', 17), w: watermark(27) },
      result: '  v-a-b 50ms (A1w)',
      expected: { v: watermark(25), a: changed(8, 18), b: changed(8, 27, [window(8, 18)]), A: pane(8, 27, [hit('/', 8), hit('/buy', 17)]), 1: closed(8, 27), w: watermark(27) },
    }));

    test('so is one that merges with a live one', diagram({
      operator: sessions(),
      source: '  v-a-b-c 50ms w', given: { v: watermark(25), a: el('/', 5), b: el('/buy', 21), c: el('/look', 14), w: watermark(31) },
      result: '  v-a-b-c 50ms (A1w)',
      expected: {
        v: watermark(25), a: changed(5, 15), b: changed(21, 31), c: changed(5, 31, [window(5, 15), window(21, 31)]),
        A: pane(5, 31, [hit('/', 5), hit('/look', 14), hit('/buy', 21)]), 1: closed(5, 31), w: watermark(31),
      },
    }));

    test('a closed historic session is final as any other', diagram({
      operator: sessions({ historicTimeout: 5 }),
      source: 'o-a-------b-', given: { o: old, a: el('/', 10), b: el('/late', 15) },
      consumer: '^-----------!',
      result: 'o-a----A--l', expected: { o: old, a: changed(10, 20), A: pane(10, 20, [hit('/', 10)], { historic: true }), l: late(hit('/late', 15), 1_000) },
    }));

    test('if told so, what would open a historic session is late', diagram({
      operator: sessions({ historic: 'late' }),
      source: 'o-a-|', given: { o: old, a: el('/', 10) },
      result: 'o-l-|', expected: { o: old, l: late(hit('/', 10), 1_000) },
    }));

    test('even then, what belongs to a held session joins it', diagram({
      operator: sessions({ historic: 'late' }),
      source: 'a-v-b', given: { a: el('/', 20), v: watermark(25), b: el('/look', 12) },
      result: 'a-v-b', expected: { a: changed(20, 30), v: watermark(25), b: changed(12, 30, [window(20, 30)]) },
    }));

    test('old timestamps alone are the stream\'s time: nothing is historic before there is a watermark', diagram({
      operator: sessions({ historicTimeout: 1 }),
      source: 'a---|', given: { a: el('/', -1e12) },
      result: 'a---(A1|)', expected: { a: changed(-1e12, -1e12 + 10), A: pane(-1e12, -1e12 + 10, [hit('/', -1e12)], { forced: 'drain' }), 1: closed(-1e12, -1e12 + 10) },
    }));
  });

  describe('closed-session memory', () => {
    const given = { a: el('/', 10), w: watermark(20), x: watermark(69), y: watermark(70), b: el('/again', 15), c: el('/next', 100), z: watermark(110) };
    const fired = { a: changed(10, 20), A: pane(10, 20, [hit('/', 10)]), 1: closed(10, 20), w: watermark(20), x: watermark(69), y: watermark(70), z: watermark(110) };
    const l = (at: number) => late(hit('/again', 15), at);
    const operator = sessions({ closedSessionMemory: 50, historicTimeout: 500 });

    test('the watermark alone does not end it: one millisecond of processing time is missing', diagram({
      operator, given,
      source: '  a-w-----y 42ms b', // closed at 2, so remembered until 52
      consumer: '^ 60ms !',
      result: '  a-(A1w)-y 42ms l', expected: { ...fired, l: l(70) },
    }));

    test('at its last instant it is forgotten before the event is judged, and the event is historic', diagram({
      operator, given,
      source: '  a-w-----y 43ms b',
      consumer: '^ 60ms !',
      result: '  a-(A1w)-y 43ms b', expected: { ...fired, b: changed(15, 25) },
    }));

    test('processing time alone does not end it either', diagram({
      operator, given,
      source: '  a-w-----x 99ms b-y-b',
      consumer: '^ 120ms !',
      result: '  a-(A1w)-x 99ms l-y-b', expected: { ...fired, l: l(69), b: changed(15, 25) },
    }));

    test('nor does it end while the key holds a session', diagram({
      operator, given,
      source: '  a-w-----(yc) 99ms b-z-----b',
      consumer: '^ 130ms !',
      result: '  a-(A1w)-(yc) 99ms l-(C2z)-b',
      expected: { ...fired, c: changed(100, 110), l: l(70), C: pane(100, 110, [hit('/next', 100)]), 2: closed(100, 110), b: changed(15, 25) },
    }));

    test('the end of a historic session is told when it is forgotten, since until then nothing of it may be', diagram({
      operator: sessions({ closedSessionMemory: 50, historicTimeout: 5 }),
      source: '  v-a', given: { v: watermark(1_000), a: el('/', 10) },
      result: '  v-a----A 49ms c', expected: { v: watermark(1_000), a: changed(10, 20), A: pane(10, 20, [hit('/', 10)], { historic: true }), c: closed(10, 20) },
    }));

    test('it holds sixteen windows of a key; beyond that the two oldest are one span, and what lies between them is late', () => {
      // Sessions 100 ms apart, closed one by one; between any two of them is room for another.
      const drive = new Drive((scheduler) => sessions({ scheduler }));
      for (let n = 0; n < 17; n += 1) drive.send(el('/', n * 100), watermark(n * 100 + 10));
      drive.taken();

      drive.send(el('/between first and second', 50), el('/between second and third', 150));
      expect(drive.taken()).toStrictEqual([late(hit('/between first and second', 50), 1_610), changed(150, 160)]);
    });
  });
});
