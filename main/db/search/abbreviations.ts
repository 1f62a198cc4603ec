/** Abbreviations that municipalities make of the names of their units; such as follow no rule belong in the helpdesk's synonyms. */
import { fold, words } from './fold.ts';

const SMALL_WORDS: ReadonlySet<string> = new Set(['og', 'i', 'for', 'av', 'med', 'til', 'pa']);
/** etaten, also after an ø: folding makes oe one letter (Bymiljøetaten). */
const AGENCY = /.{3}e?taten$/;
const MAX_REMEMBERED = 4000;
const remembered = new Map<string, readonly string[]>();

/**
 * Abbreviations of a unit, folded, 3 to 5 letters. Plan- og bygningsetaten: pbe. Bymiljøetaten: bym, bye. Sykehjemsetaten: syk, sye.
 * Pedagogisk-psykologisk tjeneste: ppt. A name of one or two words that is no agency's has none.
 */
export function abbreviationsOf(unit: string): readonly string[] {
  const known = remembered.get(unit);
  if (known) return known;
  const out = abbreviated(words(unit).filter((word) => !SMALL_WORDS.has(word)));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(unit, out);
  return out;
}

function abbreviated(parts: readonly string[]): string[] {
  const last = parts.at(-1) ?? '';
  const isAgency = AGENCY.test(last);
  if (isAgency && parts.length === 1) return [...new Set([last.slice(0, 3), `${last.slice(0, 2)}e`])];
  // fold: two letters that meet may be one more letter of the alphabet (aa, oe).
  const initials = fold(parts.map((part) => part.charAt(0)).join('') + (isAgency ? 'e' : ''));
  return initials.length >= 3 && initials.length <= 5 && /^[a-z]+$/.test(initials) ? [initials] : [];
}
