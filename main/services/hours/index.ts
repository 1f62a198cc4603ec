/** Whether calls can be passed on now, and when that changes. Public holidays are closed unless the text itself says otherwise (`PH 10:00-14:00`). */
import type { Hours, Person } from '#contract';
import { addDays, instantOf, wallOf, weekday, type Wall } from '../time/zone.ts';
import { isHoliday } from './holidays.ts';
import { parseHours, type Rule, type Span } from './parse.ts';

export interface HoursPorts {
  /** Unit → hours, for whoever has none of their own; `*`: everybody else. */
  readonly units: Readonly<Record<string, string>>;
  readonly zone: string;
  /** ISO 3166. */
  readonly country: string;
}

/** How far ahead a change is looked for: beyond Easter and Christmas with weekends around them. */
const HORIZON_DAYS = 21;
const KEPT_TEXTS = 500;

function covers({ dates }: Rule, { month, day }: Wall): boolean {
  const at = month * 100 + day;
  return dates.length === 0 || dates.some(({ from, to }) => (from <= to ? at >= from && at <= to : at >= from || at <= to));
}

/** When it is open on a day: by the last rule that is about it. */
function spansOf(rules: readonly Rule[], day: Wall, country: string): readonly Span[] {
  const holiday = isHoliday(day, country);
  const about = (rule: Rule) => {
    if (rule.always) return true;
    if (!covers(rule, day)) return false;
    if (holiday) return rule.holidays;
    return rule.days === null ? true : rule.days.has(weekday(day));
  };
  return rules.findLast(about)?.spans ?? [];
}

/** The state of a text at an instant. `open` null: the text cannot be read. */
export function hoursAt(text: string, rules: readonly Rule[] | null, now: Date, zone: string, country: string): Hours {
  if (rules === null) return { text, open: null, changesAt: null };
  const today = wallOf(now, zone);
  const open: { from: number; to: number }[] = [];
  // From yesterday, which may go past midnight.
  for (let ahead = -1; ahead <= HORIZON_DAYS; ahead++) {
    const day = addDays(today, ahead);
    for (const [from, to] of spansOf(rules, day, country)) {
      open.push({
        from: instantOf({ ...day, minutes: from }, zone).getTime(),
        to: instantOf({ ...day, minutes: to }, zone).getTime(),
      });
    }
  }
  open.sort((a, b) => a.from - b.from);
  const at = now.getTime();
  const horizon = instantOf({ ...addDays(today, HORIZON_DAYS + 1), minutes: 0 }, zone).getTime();
  let end: number | null = null;
  for (const { from, to } of open) {
    if (end === null ? from <= at && to > at : from <= end && to > end) end = to;
  }
  const change = end ?? open.find(({ from }) => from > at)?.from ?? horizon;
  return { text, open: end !== null, changesAt: change >= horizon ? null : new Date(change).toISOString() };
}

/** Puts opening hours on people: their own, or else their unit's. */
export function createHours({ units, zone, country }: HoursPorts): (person: Person, now: Date) => Person {
  const read = new Map<string, readonly Rule[] | null>();
  const unitHours = new Map(Object.entries(units).map(([unit, text]) => [unit.toLowerCase(), text]));
  return (person, now) => {
    const ofUnit = (unit: string) => (unit === '' ? undefined : unitHours.get(unit.toLowerCase()));
    const text = person.openingHours ?? ofUnit(person.unit) ?? ofUnit(person.agency) ?? unitHours.get('*');
    if (text === undefined) return person;
    let rules = read.get(text);
    if (rules === undefined) {
      if (read.size >= KEPT_TEXTS) read.clear();
      read.set(text, (rules = parseHours(text)));
    }
    return { ...person, hours: hoursAt(text, rules, now, zone, country) };
  };
}
