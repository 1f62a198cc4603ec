/** The same people in plain FTS5 and in MiniSearch, each as well set up as its documentation has it. */
import Sqlite from 'better-sqlite3';
import MiniSearch from 'minisearch';
import type { DemoPerson } from '../../../demo/people/index.ts';
import { numbersOf } from './facts.ts';

/** The best five people for what was typed, by place in the list. */
export type Search = (typed: string) => number[];

const FIELDS = ['name', 'nicknames', 'title', 'unit', 'agency', 'keywords', 'workplace', 'email', 'numbers'] as const;
const BEST = 5;

const documentOf = (person: DemoPerson, id: number) => ({
  ...person,
  id,
  nicknames: person.nicknames.join(' '),
  keywords: person.keywords.join(' '),
  numbers: numbersOf(person).join(' '),
});

/** Each word by its beginning, all of them and else any; names weigh most; accents do not matter. */
export function fts5(people: readonly DemoPerson[]): Search {
  const database = new Sqlite(':memory:');
  database.exec(`CREATE VIRTUAL TABLE people USING fts5(${FIELDS.join(', ')}, tokenize = 'unicode61 remove_diacritics 2')`);
  const insert = database.prepare(`INSERT INTO people (rowid, ${FIELDS.join(', ')}) VALUES (?${', ?'.repeat(FIELDS.length)})`);
  database.transaction(() => {
    people.forEach((person, at) => {
      const row = documentOf(person, at);
      insert.run(at, ...FIELDS.map((field) => row[field]));
    });
  })();
  const select = database.prepare<[string], { rowid: number }>(
    `SELECT rowid FROM people WHERE people MATCH ? ORDER BY bm25(people, 10, 10, 4, 3, 3, 6, 1, 1, 5) LIMIT ${BEST}`,
  );
  return (typed) => {
    const parts = typed.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
    const quoted = parts.map((word) => `"${word}"*`);
    const all = select.all(quoted.join(' AND '));
    return (all.length > 0 ? all : select.all(quoted.join(' OR '))).map(({ rowid }) => rowid);
  };
}

const plain = (term: string) => term.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** By beginnings and within a fifth of the letters, all words and else any; names weigh most; accents do not matter. */
export function miniSearch(people: readonly DemoPerson[]): Search {
  const search = new MiniSearch({ fields: [...FIELDS], processTerm: plain });
  search.addAll(people.map(documentOf));
  const options = { prefix: true, fuzzy: 0.2, boost: { name: 4, nicknames: 4, keywords: 2 } };
  return (typed) => {
    const all = search.search(typed, { ...options, combineWith: 'AND' });
    const found = all.length > 0 ? all : search.search(typed, options);
    return found.slice(0, BEST).map(({ id }) => id as number);
  };
}
