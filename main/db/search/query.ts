import { eachWord, fold, foldWithOrigin, words } from './fold.ts';
import { Synonyms } from './synonyms.ts';

/** text: a folded word · digits: a run of digits, read as one number · domain: what follows @ */
export interface QueryWord {
  readonly kind: 'text' | 'digits' | 'domain';
  readonly text: string;
  /** What the phrase that the word belongs to also means, each as words that must all match. */
  readonly others?: readonly (readonly string[])[];
}

const MAX_WORDS = 8;
const DIGITS = /^[0-9]+$/;

/**
 * What was typed, as words that must all match, with what they also mean. Digits in groups (22 05 10 14, +47 …, 0047 …) become one
 * number.
 */
export function parseQuery(typed: string, synonyms: Synonyms = Synonyms.none): QueryWord[] {
  const out: QueryWord[] = [];
  let digits = '';
  let plus = false;
  const endDigits = () => {
    if (digits !== '')
      out.push({ kind: 'digits', text: !plus && digits.startsWith('00') && digits.length > 4 ? digits.slice(2) : digits });
    digits = '';
    plus = false;
  };
  for (const chunk of typed.trim().split(/\s+/)) {
    const at = chunk.indexOf('@');
    const local = at < 0 ? chunk : chunk.slice(0, at);
    for (const word of words(local)) {
      if (DIGITS.test(word)) {
        if (digits === '') plus = chunk.startsWith('+');
        digits += word;
      } else {
        endDigits();
        out.push({ kind: 'text', text: word });
      }
    }
    if (at >= 0) {
      endDigits();
      const domain = fold(chunk.slice(at + 1));
      if (domain !== '') out.push({ kind: 'domain', text: `@${domain}` });
    }
  }
  endDigits();
  return withSynonyms(out.slice(0, MAX_WORDS), synonyms);
}

function withSynonyms(query: QueryWord[], synonyms: Synonyms): QueryWord[] {
  const texts = query.map(({ text }) => text);
  for (let at = 0; at < query.length;) {
    const found = synonyms.at(texts, at);
    const end = at + (found?.length ?? 1);
    for (; at < end; at++) {
      const word = query[at];
      if (found && word?.kind === 'text') query[at] = { ...word, others: found.others };
    }
  }
  return query;
}

/** Typing errors that a word of this length may have. */
export function errorsAllowed(word: QueryWord): number {
  if (word.kind !== 'text' || DIGITS.test(word.text)) return 0;
  return word.text.length >= 8 ? 2 : word.text.length >= 4 ? 1 : 0;
}

/** A word of a text, folded, with the way back into the original. */
export interface PlacedWord {
  readonly text: string;
  /** Index in `text` → index in the original; one more entry for the end of the last unit. */
  readonly origin: readonly number[];
}

const HYPHENS = /^[-'’‐‑]$/;
const GROUPING = /^[\s.-]$/;

/**
 * The words of `text`, then those that are also typed as one: groups of digits (02 180), and in names the parts of Anne-Lise and
 * O'Brien.
 */
export function placedWords(text: string, isName: boolean): PlacedWord[] {
  const folded = foldWithOrigin(text);
  const spans: [number, number][] = [];
  eachWord(folded.text, (start, end) => spans.push([start, end]));
  const place = (parts: readonly [number, number][]): PlacedWord => {
    const joined = parts.map(([start, end]) => folded.text.slice(start, end)).join('');
    const origin = parts.flatMap(([start, end]) => folded.origin.slice(start, end));
    origin.push(folded.origin[parts.at(-1)?.[1] ?? 0] ?? text.length);
    if (parts.length === 1) return { text: joined, origin };
    // Where two parts meet, letters may fold once more (Anna-Aase).
    const again = foldWithOrigin(joined);
    return { text: again.text, origin: again.origin.map((index) => origin[index] ?? text.length) };
  };
  const joins = ([start, end]: [number, number], [nextStart, nextEnd]: [number, number]): boolean => {
    const gap = folded.text.slice(end, nextStart);
    if (isName) return HYPHENS.test(gap);
    return (
      GROUPING.test(gap) && DIGITS.test(folded.text.slice(start, end)) && DIGITS.test(folded.text.slice(nextStart, nextEnd))
    );
  };
  const out = spans.map((span) => place([span]));
  let run: [number, number][] = [];
  for (const span of spans) {
    const last = run.at(-1);
    if (last && joins(last, span)) run.push(span);
    else {
      if (run.length > 1) out.push(place(run));
      run = [span];
    }
  }
  if (run.length > 1) out.push(place(run));
  return out;
}

/** Initials that a person is known by: all, and the first with the last. */
export function initialsOf(name: string): string[] {
  const parts = words(name);
  if (parts.length < 2) return [];
  const all = parts.map((part) => part.charAt(0)).join('');
  return [...new Set([all, all.charAt(0) + all.charAt(all.length - 1)])];
}
