/** The words that a person is found by, with where each stands. */
import { abbreviationsOf } from './abbreviations.ts';
import { fold, words } from './fold.ts';
import { initialsOf, placedWords } from './query.ts';
import { FIELD, type FieldCode } from './rank.ts';

/** Before what is no word: no typed word begins so. */
export const INITIALS = '\u0001';
export const ABBREVIATION = '\u0002';

/** What of a person can be searched for, and what ranks them. */
export interface Indexed {
  readonly id: string;
  readonly name: string;
  readonly nicknames: readonly string[];
  readonly title: string;
  readonly unit: string;
  readonly agency: string;
  readonly keywords: readonly string[];
  readonly workplace: string;
  readonly email: string | null;
  /** As in the contract: E.164 or bare digits. */
  readonly numbers: readonly string[];
  readonly absent: boolean;
  /** Milliseconds since 1970; null: not known. */
  readonly absentUntil: number | null;
  /** How often calls were passed on to them. */
  readonly transfers: number;
}

const MAX_REMEMBERED = 20_000;
const wordsOf = new Map<string, readonly string[]>();

/** The digits of each number. */
export function digitsOf(person: Indexed): string[] {
  return person.numbers.map((number) => number.replace(/\D/g, '')).filter((number) => number !== '');
}

/** Everything that the person is found by, each word once with its best field. */
export function termsOf(person: Indexed): Map<string, FieldCode> {
  const terms = new Map<string, FieldCode>();
  const put = (text: string, field: FieldCode) => {
    const known = terms.get(text);
    if (known === undefined || field < known) terms.set(text, field);
  };
  const parts = placedWords(person.name, true);
  const single = words(person.name).length;
  parts.forEach(({ text }, i) => put(text, i === 0 || i >= single - 1 ? FIELD.name : FIELD.middleName));
  for (const nickname of person.nicknames) for (const word of shared(nickname)) put(word, FIELD.middleName);
  for (const initials of initialsOf(person.name)) put(INITIALS + initials, FIELD.initials);
  for (const unit of [person.unit, person.agency])
    for (const short of abbreviationsOf(unit)) put(ABBREVIATION + short, FIELD.unit);
  for (const keyword of person.keywords) for (const word of shared(keyword)) put(word, FIELD.keyword);
  for (const word of shared(person.title)) put(word, FIELD.title);
  for (const word of shared(person.unit)) put(word, FIELD.unit);
  for (const word of shared(person.agency)) put(word, FIELD.unit);
  for (const word of shared(person.workplace)) put(word, FIELD.workplace);
  // Too short to be told apart by threes.
  for (const digits of digitsOf(person)) if (digits.length < 3) put(digits, FIELD.keyword);
  if (person.email) {
    const [local = '', domain] = person.email.split('@');
    for (const word of words(local)) put(word, FIELD.email);
    if (domain) put(`@${fold(domain)}`, FIELD.domain);
  }
  return terms;
}

/** Lets the texts of a load go; the next one fills them in again. */
export function forgetTexts(): void {
  wordsOf.clear();
}

/** Words of a text that many people share. */
function shared(text: string): readonly string[] {
  let known = wordsOf.get(text);
  if (!known) {
    if (wordsOf.size > MAX_REMEMBERED) wordsOf.clear();
    wordsOf.set(text, (known = placedWords(text, false).map((word) => word.text)));
  }
  return known;
}
