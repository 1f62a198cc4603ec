import { eachWord, fold, foldWithOrigin, words } from './fold.ts';

/** text: a folded word · digits: a run of digits, read as one number · domain: what follows @ */
export interface QueryWord {
  readonly kind: 'text' | 'digits' | 'domain';
  readonly text: string;
}

const MAX_WORDS = 8;
const DIGITS = /^[0-9]+$/;

/** What was typed, as words that must all match. Digits in groups (22 05 10 14, +47 …, 0047 …) become one number. */
export function parseQuery(typed: string): QueryWord[] {
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
  return out.slice(0, MAX_WORDS);
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

/** The words of `text`; of names also the parts of Anne-Lise and O'Brien joined, as they are often typed. */
export function placedWords(text: string, joinHyphens: boolean): PlacedWord[] {
  const folded = foldWithOrigin(text);
  const out: PlacedWord[] = [];
  const spans: [number, number][] = [];
  eachWord(folded.text, (start, end) => spans.push([start, end]));
  const place = (parts: readonly [number, number][]): PlacedWord => {
    const joined = parts.map(([start, end]) => folded.text.slice(start, end)).join('');
    const origin = parts.flatMap(([start, end]) => folded.origin.slice(start, end));
    const end = parts.at(-1)?.[1] ?? 0;
    // A letter that folds into two (æ) belongs to the word as a whole.
    origin.push(folded.origin[end] ?? text.length);
    if (!joinHyphens || parts.length === 1) return { text: joined, origin };
    const refolded = foldWithOrigin(joined);
    return { text: refolded.text, origin: refolded.origin.map((index) => origin[index] ?? text.length) };
  };
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i];
    if (span) out.push(place([span]));
  }
  if (joinHyphens) {
    for (let i = 0; i + 1 < spans.length; i++) {
      const parts = spans.slice(i, i + 1);
      let last = i;
      while (last + 1 < spans.length) {
        const gap = folded.text.slice(spans[last]?.[1], spans[last + 1]?.[0]);
        if (!/^[-'’‐‑]$/.test(gap)) break;
        const next = spans[last + 1];
        if (next) parts.push(next);
        last++;
      }
      if (parts.length > 1) out.push(place(parts));
      i = last;
    }
  }
  return out;
}

/** Initials that a person is known by: all, and the first with the last. */
export function initialsOf(name: string): string[] {
  const parts = words(name);
  if (parts.length < 2) return [];
  const all = parts.map((part) => part.charAt(0)).join('');
  return [...new Set([all, all.charAt(0) + all.charAt(all.length - 1)])];
}
