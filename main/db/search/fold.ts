/**
 * Folding for search: what agents type and what the directory holds meet in one spelling. Upper case, accents and the Norwegian
 * letters' substitutes disappear: å = aa = a, ø = ö = oe = o, æ = ä = ae. The result is its own folding (idempotent).
 */

/** Letters that Unicode does not decompose. */
const SPECIAL: Readonly<Record<string, string>> = {
  å: 'a',
  ä: 'ae',
  æ: 'ae',
  ø: 'o',
  ö: 'o',
  ß: 'ss',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
  œ: 'o',
  ħ: 'h',
};
const MARKS = /\p{M}+/gu;
const LETTER = /[\p{L}\p{N}]/u;
const known = new Map<string, string>();

function foldDecomposed(character: string): string {
  let out = '';
  for (const part of character.normalize('NFKD').replace(MARKS, '').toLowerCase()) out += SPECIAL[part] ?? part;
  return out;
}

function foldCharacter(character: string): string {
  const found = known.get(character);
  if (found !== undefined) return found;
  let out = '';
  for (const part of character.toLowerCase().normalize('NFC')) {
    out += SPECIAL[part] ?? foldDecomposed(part);
  }
  // A closed alphabet in practice; the bound keeps a hostile text from filling the memory.
  if (known.size < 5000) known.set(character, out);
  return out;
}

export interface Folded {
  readonly text: string;
  /** Index in `text` → index in the original (UTF-16 units); one more entry for the end. */
  readonly origin: readonly number[];
}

const A = 97;
const E = 101;
const O = 111;

/** Folds `text` and remembers where each folded unit came from. */
export function foldWithOrigin(text: string): Folded {
  let out = '';
  const origin: number[] = [];
  let last = 0;
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i);
    let width = 1;
    let folded: string;
    if (code < 128) folded = code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : text.charAt(i);
    else {
      let character = String.fromCodePoint(text.codePointAt(i) ?? code);
      width = character.length;
      // A base letter and its combining marks arrive apart in decomposed text (macOS).
      folded = foldCharacter(character);
      if (folded === '' && MARK.test(character)) {
        i += width;
        continue;
      }
    }
    // Decomposed å, ä, ö: the mark follows an ASCII letter.
    if (code < 128 && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0x300 && next <= 0x36f) {
        folded = foldCharacter((text.charAt(i) + text.charAt(i + 1)).normalize('NFC'));
        width = 2;
      }
    }
    for (let k = 0; k < folded.length; k++) {
      const unit = folded.charCodeAt(k);
      if ((unit === A && last === A) || (unit === E && last === O)) continue;
      out += folded.charAt(k);
      origin.push(i);
      last = unit;
    }
    i += width;
  }
  origin.push(text.length);
  return { text: out, origin };
}

const MARK = /^\p{M}$/u;

/** Folds `text`. Idempotent. */
export function fold(text: string): string {
  return foldWithOrigin(text).text;
}

function isWordUnit(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
  return (code >= 0xd800 && code <= 0xdfff) || LETTER.test(text.charAt(i));
}

/** Calls `found` with [start, end) of every word in a folded text: what stands between spaces, hyphens and other signs. */
export function eachWord(folded: string, found: (start: number, end: number) => void): void {
  let start = -1;
  for (let i = 0; i < folded.length; i++) {
    if (isWordUnit(folded, i)) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      found(start, i);
      start = -1;
    }
  }
  if (start >= 0) found(start, folded.length);
}

/** The words of a text, folded, in order. */
export function words(text: string): string[] {
  const folded = fold(text);
  const out: string[] = [];
  eachWord(folded, (start, end) => out.push(folded.slice(start, end)));
  return out;
}
