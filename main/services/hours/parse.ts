/**
 * Reads opening hours as people write them: a subset of OpenStreetMap's opening_hours with Norwegian words.
 *
 *   hours  = rule *( ";" rule )                 a later rule counts for the days that it names
 *   rule   = "24/7" | [ dates ] [ days ] ( times | "off" | "stengt" )
 *   dates  = date [ "-" date ] *( "," … )       `May 15-Sep 14`, `jun-aug`, `des 24`
 *   days   = day [ "-" day ] *( "," … )         `Mo-Fr`, `ma-fr`, `tirsdag`, `hverdager`, `PH` (public holidays)
 *   times  = time "-" time *( "," … )           `08:00-15:30`, `8-15`, `08.00-12.00,13.00-15.00`
 */

/** Minutes since midnight, [from, to); `to` is beyond a day's where it goes past midnight. */
export type Span = readonly [number, number];

/** A day of the year as month × 100 + day. */
export interface DateRange {
  readonly from: number;
  readonly to: number;
}

export interface Rule {
  /** Empty: all year. */
  readonly dates: readonly DateRange[];
  /** 0 Monday to 6 Sunday; null: every day. */
  readonly days: ReadonlySet<number> | null;
  /** It is about public holidays. */
  readonly holidays: boolean;
  readonly always: boolean;
  /** Empty: closed. */
  readonly spans: readonly Span[];
}

const dayNames = [
  'mo mon monday ma man mandag mån måndag',
  'tu tue tuesday ti tir tirs tirsdag tys tysdag',
  'we wed wednesday on ons onsdag',
  'th thu thursday to tor tors torsdag',
  'fr fri friday fre fredag',
  'sa sat saturday lø lør lørdag lau laurdag',
  'su sun sunday sø søn søndag sundag',
];
const monthNames = [
  'jan january januar',
  'feb february februar',
  'mar march mars',
  'apr april',
  'may mai',
  'jun june juni',
  'jul july juli',
  'aug august',
  'sep sept september',
  'oct okt october oktober',
  'nov november',
  'dec des december desember',
];
const numbered = (names: readonly string[]) =>
  new Map(names.flatMap((list, index) => list.split(' ').map((name) => [name, index] as const)));
const dayOf = numbered(dayNames);
const monthOf = numbered(monthNames);
const groups: Readonly<Record<string, readonly number[]>> = {
  hverdag: [0, 1, 2, 3, 4],
  hverdager: [0, 1, 2, 3, 4],
  kvardagar: [0, 1, 2, 3, 4],
  helg: [5, 6],
};
const holidayWords = new Set(['ph', 'helligdag', 'helligdager', 'heilagdagar']);
const closedWords = new Set(['off', 'closed', 'stengt', 'lukket']);
const fillers = new Set(['kl', 'klokken', 'klokka', 'og', 'and']);

const TOKEN = /24\/7|\p{L}+|\d{1,2}[:.]\d{2}|\d+|[-,]/gu;
const DAY = 24 * 60;

/** The words of a rule as they come, one after another. */
class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  peek(ahead = 0): string {
    return this.#words[this.#at + ahead] ?? '';
  }

  next(): string {
    return this.#words[this.#at++] ?? '';
  }

  /** Takes the word when it is this one. */
  take(word: string): boolean {
    if (this.peek() !== word) return false;
    this.#at++;
    return true;
  }
}

/** The days from one to another, around the end of the week. */
function daysBetween(from: number, to: number): number[] {
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

function readDate(words: Words): { month: number; day: number | null } | null {
  const month = monthOf.get(words.peek());
  if (month === undefined) return null;
  words.next();
  const day = /^\d{1,2}$/.test(words.peek()) ? Number(words.next()) : null;
  return day !== null && (day < 1 || day > 31) ? null : { month: month + 1, day };
}

function readDates(words: Words): DateRange[] | null {
  const ranges: DateRange[] = [];
  while (monthOf.has(words.peek())) {
    const from = readDate(words);
    if (!from) return null;
    let to = from;
    if (words.take('-')) {
      const same = /^\d{1,2}$/.test(words.peek()) ? { month: from.month, day: Number(words.next()) } : readDate(words);
      if (!same) return null;
      to = same;
    }
    ranges.push({ from: from.month * 100 + (from.day ?? 1), to: to.month * 100 + (to.day ?? 31) });
    if (!monthOf.has(words.peek(1)) || !words.take(',')) break;
  }
  return ranges;
}

function readDays(words: Words): { days: Set<number>; holidays: boolean } | null {
  const days = new Set<number>();
  let holidays = false;
  for (;;) {
    const word = words.peek();
    const from = dayOf.get(word);
    if (holidayWords.has(word)) holidays = true;
    else if (groups[word]) for (const day of groups[word]) days.add(day);
    else if (from === undefined) return null;
    words.next();
    if (from !== undefined) {
      const to = words.take('-') ? dayOf.get(words.next()) : from;
      if (to === undefined) return null;
      for (const day of daysBetween(from, to)) days.add(day);
    }
    if (!words.take(',')) return { days, holidays };
  }
}

function readTime(word: string): number | null {
  const [, hour = '', minute = ''] = /^(\d{1,2})[:.]?(\d{2})?$/.exec(word) ?? [];
  if (hour === '') return null;
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) > 59 || minutes > DAY ? null : minutes;
}

function readSpans(words: Words): Span[] | null {
  const spans: Span[] = [];
  do {
    const from = readTime(words.next());
    if (from === null || !words.take('-')) return null;
    const to = readTime(words.next());
    if (to === null || from >= DAY || from === to) return null;
    spans.push([from, to > from ? to : to + DAY]);
  } while (words.take(','));
  return spans;
}

const isDay = (word: string) => dayOf.has(word) || holidayWords.has(word) || groups[word] !== undefined;

function readRule(text: string): Rule | null {
  const found = text.match(TOKEN) ?? [];
  // What is no token at all is something that this does not know.
  if (text.replace(TOKEN, '').replace(/[\s.:]/g, '') !== '') return null;
  const words = new Words(found.filter((word) => !fillers.has(word)));
  const all = { dates: [], days: null, holidays: true, always: true, spans: [[0, DAY]] as const };
  if (words.take('24/7')) return words.done ? all : null;
  const dates = readDates(words);
  if (dates === null) return null;
  words.take(',');
  const days = isDay(words.peek()) ? readDays(words) : { days: null, holidays: false };
  if (days === null) return null;
  const spans = closedWords.has(words.peek()) ? (words.next(), []) : readSpans(words);
  return spans === null || !words.done ? null : { dates, ...days, always: false, spans };
}

/** The rules of a text; null: it cannot be read, so nothing may be said of it. */
export function parseHours(text: string): readonly Rule[] | null {
  const plain = text.normalize('NFC').toLowerCase().replace(/[–—−]/g, '-').replace(/\s+/g, ' ');
  const parts = plain
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const rules = parts.map(readRule);
  return rules.length === 0 || rules.includes(null) ? null : rules.filter((rule) => rule !== null);
}
