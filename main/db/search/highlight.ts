import type { Match, MatchField, MatchHow, Person } from '#contract';
import { abbreviationsOf } from './abbreviations.ts';
import { national } from './digits.ts';
import { fold } from './fold.ts';
import { isShortFor } from './nicknames.ts';
import { errorsAllowed, initialsOf, placedWords, type PlacedWord, type QueryWord } from './query.ts';
import { soundsLike } from './sound.ts';
import { errorsToBeginning } from './trie.ts';
import { MIN_INNER } from './vocabulary.ts';

type Range = [number, number];

interface Place {
  readonly field: MatchField;
  readonly text: string;
  readonly words: readonly PlacedWord[];
  readonly ranges: Range[];
  how?: MatchHow;
}

const MAX_REMEMBERED = 4000;
const remembered = { names: new Map<string, readonly PlacedWord[]>(), texts: new Map<string, readonly PlacedWord[]>() };

/** Texts such as units and keywords come again with every hit and every key. */
function placed(field: MatchField, text: string): readonly PlacedWord[] {
  const isName = field === 'name';
  const all = isName ? remembered.names : remembered.texts;
  let known = all.get(text);
  if (!known) {
    if (all.size >= MAX_REMEMBERED) all.clear();
    all.set(text, (known = placedWords(text, isName)));
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

/** Marks the words of a place that `matches` says so of, as far as it says (letters of the folded word). */
function markWords(place: Place, how: MatchHow, matches: (word: string) => number): boolean {
  let found = false;
  for (const word of place.words) {
    const letters = matches(word.text);
    if (letters === 0) continue;
    push(place.ranges, word, 0, letters);
    found = true;
  }
  if (found) place.how = how;
  return found;
}

const markMisspelt = (place: Place, query: QueryWord, most: number) => {
  const allowed = Math.min(most, errorsAllowed(query));
  return markWords(place, 'spelling', (word) =>
    allowed > 0 && errorsToBeginning(query.text, word, allowed) <= allowed ? Math.min(word.length, query.text.length) : 0,
  );
};

/** Names that sound alike, the nearest of these ways only. */
function markSound(names: readonly Place[], text: string, ways: readonly ('near' | 'beginning' | 'far')[]): boolean {
  for (const wanted of ways) {
    let found = false;
    for (const name of names)
      found = markWords(name, 'sound', (word) => (soundsLike(text, word) === wanted ? word.length : 0)) || found;
    if (found) return true;
  }
  return false;
}

function markInitials(place: Place, text: string): boolean {
  if (text.length < 2 || text.length > 4 || !initialsOf(place.text).includes(text)) return false;
  return markWords(place, 'initials', (word) => (text.includes(word.charAt(0)) ? 1 : 0));
}

function markAbbreviation(place: Place, text: string, how: MatchHow): boolean {
  if (place.field !== 'unit' || text.length < 3 || text.length > 5 || !abbreviationsOf(place.text).includes(text)) return false;
  place.ranges.push([0, place.text.length]);
  place.how = how;
  return true;
}

/** Marks what the typed word also means: every word of the first phrase that is all there. */
function markSynonym(places: readonly Place[], query: QueryWord): boolean {
  const told = places.filter((place) => place.field !== 'name');
  for (const phrase of query.others ?? []) {
    const marks = phrase.map((text) =>
      told.filter(
        (place) =>
          abbreviationsOf(place.text).includes(text) ||
          place.words.some((word) => word.text.startsWith(text) || (text.length >= MIN_INNER && word.text.includes(text))),
      ),
    );
    if (marks.some((where) => where.length === 0)) continue;
    phrase.forEach((text, i) => {
      for (const place of marks[i] ?? []) {
        const found = markBeginnings(place, text) || markInner(place, text);
        if (found) place.how = 'synonym';
        else markAbbreviation(place, text, 'synonym');
      }
    });
    return true;
  }
  return false;
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

/** What was typed of Anne-Lise as one word may end before its hyphen. */
function withoutHyphen([from, to]: Range, text: string): Range {
  return [from, to - from > 1 && /[-'’‐‑]/.test(text.charAt(to - 1)) ? to - 1 : to];
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

/** What reads otherwise than it was typed: the first reason that there is, in the order of the ranking. */
function markWeakly(places: readonly Place[], word: QueryWord): boolean {
  const names = places.filter((place) => place.field === 'name');
  const any = (some: readonly Place[], mark: (place: Place) => boolean) => some.map(mark).includes(true);
  const { text } = word;
  if (word.kind !== 'text') return any(places, (place) => markInner(place, text));
  const called = (is: (typed: string, name: string) => boolean) =>
    any(names, (place) => markWords(place, 'nickname', (name) => (is(text, name) ? name.length : 0)));
  return (
    any(names, (place) => markInitials(place, text)) ||
    any(places, (place) => markAbbreviation(place, text, 'abbreviation')) ||
    called(isShortFor) ||
    markSynonym(places, word) ||
    any(places, (place) => markInner(place, text)) ||
    called((typed, name) => isShortFor(name, typed)) ||
    markSound(names, text, ['near', 'beginning']) ||
    any(places, (place) => markMisspelt(place, word, 1)) ||
    markSound(names, text, ['far']) ||
    any(places, (place) => markMisspelt(place, word, 2))
  );
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
    if (!found) found = markWeakly(places, word);
  }
  const matches: Match[] = places
    .filter((place) => place.ranges.length > 0)
    .map((place) => ({
      field: place.field,
      text: place.text,
      ranges: merged(place.ranges).map((range) => withoutHyphen(range, place.text)),
      ...(place.how ? { how: place.how } : {}),
    }));
  for (const match of others) {
    const same = matches.find((known) => known.field === match.field && known.text === match.text);
    if (same) same.ranges = merged([...same.ranges, ...match.ranges]);
    else matches.push(match);
  }
  return matches;
}
