/**
 * The phonetic key of names: names that are heard alike get the same key, however they are spelt. Works on folded words (fold.ts: å is a,
 * ø is o, æ is ae). In the order of the table; the two keys part at its end.
 *
 * | spelt                                   | key       | so that                                 |
 * |-----------------------------------------|-----------|-----------------------------------------|
 * | ph · th, dt · w, hv · z · x, cks        | f · t · v · s · ks | Sophie Sofie, Thor Tor, Wold Vold, Axel Aksel |
 * | tsch, tsj, tch, ch at the end; ch       | k         | Henrich Henrik, Christine Kristine      |
 * | sch, skj, sj, sh, sz, cz                | s         | Schau Sjau, Sheikh Sjeik                |
 * | c before e, i, y · c, q                 | s · k     | Cecilie Sesilie · Carlsen Karlsen       |
 * | hj, gj, lj at the beginning · kj, tj    | j · k     | Hjorth Jort, Kjell Tjell                |
 * | rd, ld, nd before a consonant or the end | r, l, n  | Ødegård Ødegår, Strand Strann           |
 * | h after the first letter                | nothing   | Mathisen, Bråthen Bråten, Johan Joan    |
 * | ou, u between vowels                    | v         | Moussaoui Mussavi                       |
 * | ae, ai, ay, ei, ey, eg before n         | e         | Næss Ness, Eide Aide, Stein Stegn       |
 * | ou · ii, ee, y, j after a letter        | o · i     | Yousuf Yusof · Leen Lin, Wiik Vik       |
 * | u                                       | o         | Mohammed Muhammed                       |
 * | letters that are written twice          | once      | Hansen Hanssen, Filip Fillip            |
 *
 * *Near* keeps what is left. *Far* also drops every vowel but the first (all of those are one), and hears b as p, d as t, g as k.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/th|dt/g, 't'],
  [/w|hv/g, 'v'],
  [/(?:tsch|tsj|tch|ch)$/, 'k'],
  [/sch|skj|sj|sh|sz|cz/g, 's'],
  [/z/g, 's'],
  [/cks|x/g, 'ks'],
  [/ch|ck/g, 'k'],
  [/c(?=[eiy])/g, 's'],
  [/[cq]/g, 'k'],
  [/^[hgl]j/, 'j'],
  [/[kt]j/g, 'k'],
  [/([rln])d(?![aeiouyr])/g, '$1'],
  [/(?<=.)h/g, ''],
  [/(?<=[aeiou])o?u(?=[aeiouy])/g, 'v'],
  [/aei|ae|ai|ay|aj|ei|ey|ej|eg(?=n)/g, 'e'],
  [/ou/g, 'o'],
  [/ii|ee|(?<=.)[yj]/g, 'i'],
  [/u/g, 'o'],
  [/(.)\1+/g, '$1'],
];

/** A name that sounds so; null: too little of it is left to be told from others. */
export interface Sound {
  readonly near: string | null;
  readonly far: string | null;
}

const VOICED: Readonly<Record<string, string>> = { b: 'p', d: 't', g: 'k' };
const MIN_NEAR = 3;
const MIN_FAR = 3;
const MAX_REMEMBERED = 4000;
const remembered = new Map<string, Sound>();
const UNHEARD: Sound = { near: null, far: null };

/** The keys of a folded word. Words of two letters, and such as hold digits, sound like themselves only. */
export function soundOf(word: string): Sound {
  const known = remembered.get(word);
  if (known) return known;
  const sound = heard(word);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(word, sound);
  return sound;
}

function heard(word: string): Sound {
  if (word.length < 3 || word.length > 30 || /[^a-z]/.test(word)) return UNHEARD;
  let near = word;
  for (const [spelt, key] of RULES) near = near.replace(spelt, key);
  const far = near
    .replace(/^[aeiou]+/, 'A')
    .replace(/[aeiou]/g, '')
    .replace(/[bdg]/g, (letter) => VOICED[letter] ?? letter)
    .replace(/(.)\1+/g, '$1');
  return { near: near.length < MIN_NEAR ? null : near, far: far.length < MIN_FAR ? null : far };
}

/** How two names are heard alike: near before far; null: they are not. `typed` may be the beginning of a longer name. */
export function soundsLike(typed: string, name: string): 'near' | 'beginning' | 'far' | null {
  const a = soundOf(typed);
  const b = soundOf(name);
  if (a.near !== null && a.near === b.near) return 'near';
  if (a.near !== null && a.near.length >= MIN_BEGINNING && b.near?.startsWith(a.near)) return 'beginning';
  return a.far !== null && a.far === b.far ? 'far' : null;
}

/** The beginning of a name is heard only when so much of a key is there. */
export const MIN_BEGINNING = 4;
