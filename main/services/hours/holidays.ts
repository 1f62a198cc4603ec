/** Norway's public holidays (lov om 1. og 17. mai som høgtidsdager; helligdagsfredloven § 2). Ten lines rather than a library of the world's. */
import type { Wall } from '../time/zone.ts';

const FIXED = new Set(['1-1', '5-1', '5-17', '12-25', '12-26']);
/** Days after Easter Sunday: from Maundy Thursday to Whit Monday. */
const AROUND_EASTER = new Set([-3, -2, 0, 1, 39, 49, 50]);

/** Easter Sunday of a Gregorian year (Meeus, Jones, Butcher), as a UTC midnight. */
export function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1);
}

/** Whether a day is a public holiday. `country` (ISO 3166): only Norway's are known. */
export function isHoliday({ year, month, day }: Wall, country: string): boolean {
  if (country !== 'NO') return false;
  if (FIXED.has(`${month}-${day}`)) return true;
  return AROUND_EASTER.has((Date.UTC(year, month - 1, day) - easter(year)) / 86_400_000);
}
