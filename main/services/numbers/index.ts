import parsePhoneNumber, { isSupportedCountry, type CountryCode } from 'libphonenumber-js';

/** A number as it is compared. Both empty: nothing in it can be read as a number. */
export interface NormalisedNumber {
  /** E.164 (`+4722051014`); null for a short or internal number, and for what is no number. */
  readonly e164: string | null;
  /** The dialled digits without `+`, spaces and signs: `4722051014`, or `02180` of a short number. */
  readonly digits: string;
}

const nothing: NormalisedNumber = { e164: null, digits: '' };

/** What exchanges put in the place of a withheld number (RFC 3323 section 4.1, RFC 3325, and what is seen in practice). */
const withheld = new Set([
  '',
  'anonymous',
  'unavailable',
  'restricted',
  'private',
  'unknown',
  'withheld',
  'skjult',
  'hemmelig',
]);

/** National numbers below this length are short or internal: they mean nothing outside the exchange. */
const shortestE164National = 7;

/** The user part of a SIP or tel address, with its parameters and a display name taken away; other text as it is. */
export function numberPart(text: string): string {
  const inBrackets = /<([^>]*)>/.exec(text)?.[1];
  let part = (inBrackets ?? text).trim();
  const scheme = /^(sips?|tel|callto):/i.exec(part);
  if (scheme) part = part.slice(scheme[0].length);
  part = part.split('@')[0] ?? '';
  // `;phone-context=…` of a tel address, `;npdi` of a SIP user part.
  part = part.split(';')[0] ?? '';
  try {
    return decodeURIComponent(part).trim();
  } catch {
    return part.trim();
  }
}

/** True when the caller withholds the number (or the exchange sends none). */
export function isWithheld(text: string | null): boolean {
  return text === null || withheld.has(numberPart(text).toLowerCase());
}

/**
 * Reads a number as people and exchanges write it: `+47`, `0047`, national, with spaces, brackets, dashes, as a SIP or tel address.
 * `country` (ISO 3166) is what a number without a country code is taken for; an unknown country is taken as Norway.
 */
export function normaliseNumber(text: string | null, country: string): NormalisedNumber {
  if (text === null || isWithheld(text)) return nothing;
  const part = numberPart(text);
  // A name with digits in it (`agent2`) is no number.
  if (!/^[+\d\s().,/\-–—\u00a0]+$/u.test(part)) return nothing;
  const international = part.trimStart().startsWith('+') || part.trimStart().startsWith('(+');
  const bare = part.replace(/\(0\)/g, '').replace(/\D/g, '');
  if (bare === '') return nothing;

  const upper = country.toUpperCase();
  const home: CountryCode = isSupportedCountry(upper) ? upper : 'NO';
  const dialled = international ? `+${bare}` : bare.startsWith('00') ? `+${bare.slice(2)}` : bare;
  const parsed = parsePhoneNumber(dialled, home);
  if (parsed?.isPossible() && parsed.nationalNumber.length >= shortestE164National) {
    return { e164: parsed.number, digits: parsed.number.slice(1) };
  }
  return { e164: null, digits: dialled.replace(/^\+/, '') };
}

/** The digits without the country code, where they can be told apart: `+4722051014` → `22051014`. */
export function nationalDigits(number: NormalisedNumber): string {
  if (number.e164 === null) return number.digits;
  return parsePhoneNumber(number.e164)?.nationalNumber ?? number.digits;
}

/** Whether two numbers are the same line: equal E.164, or, where one has none, equal digits. */
export function sameNumber(a: NormalisedNumber, b: NormalisedNumber): boolean {
  if (a.e164 !== null && b.e164 !== null) return a.e164 === b.e164;
  return a.digits !== '' && a.digits === b.digits;
}

/** How a number may be stored by people who type it in: E.164, national and international, with and without the usual spaces. */
export function spellings(number: NormalisedNumber): string[] {
  const parsed = number.e164 === null ? undefined : parsePhoneNumber(number.e164);
  if (!parsed) return number.digits === '' ? [] : [number.digits];
  const national = parsed.nationalNumber;
  // Norway writes landlines in pairs and mobiles as 3 2 3; people mix them.
  const threes = national.length === 8 ? national.replace(/^(...)(..)(...)$/, '$1 $2 $3') : national;
  const pairs = national.length % 2 === 0 ? (national.match(/../g)?.join(' ') ?? national) : national;
  return [
    ...new Set([
      parsed.number,
      national,
      parsed.formatNational(),
      parsed.formatInternational(),
      pairs,
      threes,
      `+${parsed.countryCallingCode} ${pairs}`,
      `+${parsed.countryCallingCode} ${threes}`,
      `+${parsed.countryCallingCode} ${national}`,
      `00${number.digits}`,
    ]),
  ];
}
