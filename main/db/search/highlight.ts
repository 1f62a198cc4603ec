import type { Match, MatchField, Person } from '#contract';
import { national } from './digits.ts';
import { fold } from './fold.ts';
import { errorsAllowed, initialsOf, placedWords, type PlacedWord, type QueryWord } from './query.ts';
import { errorsToBeginning } from './trie.ts';
import { MIN_INNER } from './vocabulary.ts';

type Range = [number, number];

interface Place {
  readonly field: MatchField;
  readonly text: string;
  readonly words: readonly PlacedWord[];
  readonly ranges: Range[];
}

const MAX_REMEMBERED = 4000;
const remembered = new Map<string, readonly PlacedWord[]>();

/** Texts such as units and keywords come again with every hit and every key. */
function placed(field: MatchField, text: string): readonly PlacedWord[] {
  const key = `${field === 'name' ? '-' : '='}${text}`;
  let known = remembered.get(key);
  if (!known) {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, (known = placedWords(text, field === 'name')));
  }
  return known;
}

function placesOf(person: Person): Place[] {
  const places: Place[] = [];
  const put = (field: MatchField, text: string) => {
    if (text !== '') places.push({ field, text, words: placed(field, text), ranges: [] });
  };
  put('name', person.name);
  for (const nickname of person.nicknames) put('name', nickname);
  for (const keyword of person.keywords) put('keyword', keyword);
  put('title', person.title);
  put('unit', person.unit);
  put('unit', person.agency);
  put('workplace', person.workplace);
  return places;
}

/** Marks units [start, end) of a folded word in the original: a letter that folds into two is marked whole. */
function push(ranges: Range[], word: PlacedWord, start: number, end: number): void {
  const from = word.origin[start];
  let after = end;
  while (after + 1 < word.origin.length && word.origin[after] === word.origin[end - 1]) after++;
  const to = word.origin[after];
  if (from !== undefined && to !== undefined && to > from) ranges.push([from, to]);
}

function markBeginnings(place: Place, text: string): boolean {
  let found = false;
  for (const word of place.words) {
    if (!word.text.startsWith(text)) continue;
    push(place.ranges, word, 0, text.length);
    found = true;
  }
  return found;
}

function markInner(place: Place, text: string): boolean {
  if (place.field === 'name' || text.length < MIN_INNER) return false;
  let found = false;
  for (const word of place.words) {
    const at = word.text.indexOf(text, 1);
    if (at < 0) continue;
    push(place.ranges, word, at, at + text.length);
    found = true;
  }
  return found;
}

function markMisspelt(place: Place, query: QueryWord): boolean {
  const allowed = errorsAllowed(query);
  let found = false;
  for (const word of place.words) {
    const errors = errorsToBeginning(query.text, word.text, allowed);
    if (errors > allowed) continue;
    push(place.ranges, word, 0, Math.min(word.text.length, query.text.length));
    found = true;
  }
  return found;
}

function markInitials(place: Place, text: string): boolean {
  if (text.length < 2 || text.length > 4 || !initialsOf(place.text).includes(text)) return false;
  for (const word of place.words) if (text.includes(word.text.charAt(0))) push(place.ranges, word, 0, 1);
  return true;
}

function markDigits(person: Person, fragment: string, matches: Match[]): boolean {
  let found = false;
  for (const { value } of person.numbers) {
    const digits = value.replace(/\D/g, '');
    const code = digits.length - national(digits).length;
    let at = fragment.length < 3 ? (digits.startsWith(fragment, code) ? code : -1) : digits.indexOf(fragment, code);
    if (at < 0 && digits.startsWith(fragment)) at = 0;
    if (at < 0) continue;
    const plus = value.length - digits.length;
    matches.push({ field: 'number', text: value, ranges: [[at + plus, at + plus + fragment.length]] });
    found = true;
  }
  return found;
}

function markEmail(person: Person, query: QueryWord, matches: Match[]): boolean {
  const { email } = person;
  if (!email) return false;
  const at = email.indexOf('@');
  const ranges: Range[] = [];
  if (query.kind === 'domain') {
    if (at < 0 || !fold(email.slice(at + 1)).startsWith(query.text.slice(1))) return false;
    ranges.push([at, Math.min(email.length, at + query.text.length)]);
  } else {
    const local = at < 0 ? email : email.slice(0, at);
    for (const word of placed('email', local)) if (word.text.startsWith(query.text)) push(ranges, word, 0, query.text.length);
  }
  if (ranges.length > 0) matches.push({ field: 'email', text: email, ranges });
  return ranges.length > 0;
}

function merged(ranges: Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const out: Range[] = [];
  for (const range of sorted) {
    const last = out.at(-1);
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else out.push([...range]);
  }
  return out;
}

/** Why `person` matched: the texts, as they are written, and what in them was typed. Weaker reasons only where no better one is. */
export function matchesOf(person: Person, query: readonly QueryWord[]): Match[] {
  const places = placesOf(person);
  const others: Match[] = [];
  for (const word of query) {
    let found = false;
    if (word.kind === 'digits') found = markDigits(person, word.text, others);
    if (word.kind !== 'domain') for (const place of places) found = markBeginnings(place, word.text) || found;
    if (!found || word.kind === 'domain') found = markEmail(person, word, others) || found;
    if (!found && word.kind === 'text')
      for (const place of places) if (place.field === 'name') found = markInitials(place, word.text) || found;
    if (!found) for (const place of places) found = markInner(place, word.text) || found;
    if (!found && errorsAllowed(word) > 0) for (const place of places) found = markMisspelt(place, word) || found;
  }
  const matches: Match[] = places
    .filter((place) => place.ranges.length > 0)
    .map((place) => ({ field: place.field, text: place.text, ranges: merged(place.ranges) }));
  for (const match of others) {
    const same = matches.find((known) => known.field === match.field && known.text === match.text);
    if (same) same.ranges = merged([...same.ranges, ...match.ranges]);
    else matches.push(match);
  }
  return matches;
}
