import { Subject, finalize, merge, type Observable } from 'rxjs';
import { branch, enrich, filter, validate, type Either, type Left } from '../operators/index.js';
import { diagram } from './diagram.js';
import { marks, type Mark } from './mark.js';

const left = (reason: string): Either<string, never> => ({ _tag: 'Left', left: reason });

/** What these diagrams call `torn` cannot be read. */
const decoded = (mark: Mark): Either<string, Mark> => (mark.name === 'torn' ? left('invalid') : { _tag: 'Right', right: mark });

export const validates = diagram({
  id: 'railway/validate',
  title: 'validate puts each value on one of two rails: what it was decoded to, or why it could not be',
  operator: validate(decoded),
  given: marks,
  score: `
    time    0s           10s            20s          30s
    source  view         torn           view         |
    out     right{view}                 right{view}
    late                 left{invalid}
  `,
});

export const filters = diagram({
  id: 'railway/filter',
  title: 'filter moves what is not wanted to the other rail, with the reason; what is there already stays as it is',
  operator: filter(({ key }: Mark) => key !== 'bot', () => 'excluded'),
  given: decoded,
  score: `
    time    0s           10s             20s            30s
    source  ada.view     bot.view        torn           |
    out     right{view}
    late                 left{excluded}  left{invalid}
  `,
});

export const enriches = diagram({
  id: 'railway/enrich',
  title: 'enrich adds what is known, or refuses; what is on the other rail stays as it is',
  operator: enrich(({ name, key }: Mark): Either<string, string> => (key === 'ada' ? { _tag: 'Right', right: `${name}+segment` } : left('enrichment_failed'))),
  given: decoded,
  score: `
    time    0s                   10s                      20s            30s
    source  ada.view             bob.view                 torn           |
    out     right{view+segment}
    late                         left{enrichment_failed}  left{invalid}
  `,
});

/** Both ways that `branch` leads, in one stream again. */
const bothWays = (source: Observable<Either<string, Mark>>): Observable<Mark | Left<string>> => {
  const aside = new Subject<Left<string>>();
  return merge(source.pipe(branch<Either<string, Mark>, 'Left'>('Left', aside), finalize(() => aside.complete())), aside);
};

export const branches = diagram({
  id: 'railway/branch',
  title: 'branch sends one rail aside and lets the other pass, unwrapped',
  operator: bothWays,
  given: decoded,
  score: `
    time    0s    10s            20s   30s
    source  view  torn           view  |
    out     view                 view
    late          left{invalid}
  `,
});
