/** The same people in other searches, each as well set up as its documentation has it. */
import uFuzzy from '@leeoniya/ufuzzy';
import Sqlite from 'better-sqlite3';
import { Charset, Index } from 'flexsearch';
import MiniSearch from 'minisearch';
import type { DemoPerson } from '../../../demo/people/index.ts';
import { numbersOf } from '../recall/facts.ts';

/** The best people for what was typed, by place in the list. */
export type Search = (typed: string) => number[];
/** Makes a search of `people` that answers the `best` first. */
export type Peer = (people: readonly DemoPerson[], best: number) => Search;

const FIELDS = ['name', 'nicknames', 'title', 'unit', 'agency', 'keywords', 'workplace', 'email', 'numbers'] as const;
type Fields = Record<(typeof FIELDS)[number], string>;

const fieldsOf = ({ name, title, unit, agency, workplace, email, ...person }: DemoPerson): Fields => ({
  name,
  nicknames: person.nicknames.join(' '),
  title,
  unit,
  agency,
  keywords: person.keywords.join(' '),
  workplace,
  email,
  numbers: numbersOf({ name, title, unit, agency, workplace, email, ...person }).join(' '),
});

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const inOneText = (person: DemoPerson) => plain(Object.values(fieldsOf(person)).join(' '));

/** Each word by its beginning, all of them and else any; names weigh most; accents do not matter. */
const fts5: Peer = (people, best) => {
  const database = new Sqlite(':memory:');
  database.exec(`CREATE VIRTUAL TABLE people USING fts5(${FIELDS.join(', ')}, tokenize = 'unicode61 remove_diacritics 2')`);
  const insert = database.prepare(`INSERT INTO people (rowid, ${FIELDS.join(', ')}) VALUES (?${', ?'.repeat(FIELDS.length)})`);
  database.transaction(() => {
    people.forEach((person, at) => {
      const row = fieldsOf(person);
      insert.run(at, ...FIELDS.map((field) => row[field]));
    });
  })();
  database.exec("INSERT INTO people (people) VALUES ('optimize')");
  const select = database.prepare<[string, number], { rowid: number }>(
    'SELECT rowid FROM people WHERE people MATCH ? ORDER BY bm25(people, 10, 10, 4, 3, 3, 6, 1, 1, 5) LIMIT ?',
  );
  return (typed) => {
    const parts = typed.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
    if (parts.length === 0) return [];
    const quoted = parts.map((word) => `"${word}"*`);
    const all = select.all(quoted.join(' AND '), best);
    return (all.length > 0 ? all : select.all(quoted.join(' OR '), best)).map(({ rowid }) => rowid);
  };
};

/** By beginnings and within a fifth of the letters, all words and else any; names weigh most; accents do not matter. */
const miniSearch: Peer = (people, best) => {
  const search = new MiniSearch<Fields & { id: number }>({ fields: [...FIELDS], processTerm: plain });
  search.addAll(people.map((person, id) => ({ ...fieldsOf(person), id })));
  const options = { prefix: true, fuzzy: 0.2, boost: { name: 4, nicknames: 4, keywords: 2 } };
  return (typed) => {
    const all = search.search(typed, { ...options, combineWith: 'AND' });
    const found = all.length > 0 ? all : search.search(typed, options);
    return found.slice(0, best).map(({ id }) => id as number);
  };
};

/** By beginnings of words in one text a person, with its balanced Latin encoder; there is no ranking of fields. */
const flexSearch: Peer = (people, best) => {
  const index = new Index({ tokenize: 'forward', encoder: Charset.LatinBalance });
  people.forEach((person, at) => void index.add(at, inOneText(person)));
  return (typed) => index.search(plain(typed), { limit: best }) as number[];
};

/** One text a person, one error a word, two words in any order. */
const ufuzzy: Peer = (people, best) => {
  const texts = people.map(inOneText);
  const search = new uFuzzy({ intraMode: 1 });
  return (typed) => {
    const [found, info, order] = search.search(texts, plain(typed), 1);
    if (!found) return [];
    return info && order ? order.slice(0, best).map((at) => info.idx[at]!) : found.slice(0, best);
  };
};

export const peers = { 'fts5-bm25': fts5, minisearch: miniSearch, flexsearch: flexSearch, ufuzzy } satisfies Record<
  string,
  Peer
>;
export type PeerName = keyof typeof peers;
