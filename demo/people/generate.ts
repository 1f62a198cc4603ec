/** An invented municipal directory, the same for the same seed. Nobody in it exists. */
import { matters, subjects, units, type UnitKind } from './municipality.ts';
import { farmFamily, internationalFamily, internationalGiven, norwegianFamily, norwegianGiven } from './names.ts';
import { dice, type Dice } from './random.ts';

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly title: string;
  readonly unit: string;
  readonly agency: string;
  readonly keywords: readonly string[];
  readonly workplace: string;
  readonly email: string;
  /** `+47 22 05 10 14` */
  readonly landline: string | null;
  readonly mobile: string | null;
  /** Five digits that the exchange knows. */
  readonly shortNumber: string | null;
  readonly nicknames: readonly string[];
  /** The id of whoever answers instead. */
  readonly deputyId: string | null;
  readonly alternativeNumber: string | null;
  /** The id of whoever leads the unit. */
  readonly managerId: string | null;
  /** `Mo-Fr 08:00-15:30` */
  readonly openingHours: string | null;
  readonly switchboardNote: string | null;
  /** As the calendar has it: a code, and mostly the day of return (`FER: 2026-12-01`). */
  readonly absence: string | null;
}

export interface PeopleOptions {
  readonly count: number;
  readonly seed: number;
  /** Absences end in the weeks after this day. Default: today; give one where the same day must come out every time. */
  readonly today?: Date;
}

const ABSENT_SHARE = 0.06;
const DEPUTY_SHARE = 0.3;

/** `count` invented people. The same seed, count and day give the same people. */
export function generatePeople({ count, seed, today = new Date() }: PeopleOptions): DemoPerson[] {
  const roll = dice(seed);
  // A die of its own: what was added later leaves everything else as it was.
  const facts = dice(seed + 7);
  const choose = unitChooser(roll);
  const numbers = numberMaker(seed);
  const emails = new Map<string, number>();
  const people: DemoPerson[] = [];
  const colleagues = new Map<string, string[]>();
  for (let i = 0; i < count; i++) {
    const unit = choose();
    const { givenName, familyName } = nameOf(roll);
    const id = `p${String(i + 1).padStart(6, '0')}`;
    const team = colleagues.get(unit.unit) ?? [];
    const deputyId = team.length > 0 && roll.fraction() < DEPUTY_SHARE ? roll.pick(team) : null;
    team.push(id);
    colleagues.set(unit.unit, team);
    people.push({
      id,
      name: `${givenName} ${familyName}`,
      givenName,
      familyName,
      title: roll.pick(unit.titles),
      unit: unit.unit,
      agency: unit.agency,
      keywords: keywordsOf(unit, roll),
      workplace: roll.pick(unit.workplaces),
      email: emailOf(givenName, familyName, emails),
      landline: roll.fraction() < 0.7 ? numbers.landline() : null,
      mobile: roll.fraction() < 0.9 ? numbers.mobile() : null,
      shortNumber: roll.fraction() < 0.6 ? numbers.short() : null,
      nicknames: nicknamesOf(givenName, facts),
      deputyId,
      alternativeNumber: deputyId === null && facts.fraction() < 0.15 ? switchboardOf(unit.unit) : null,
      managerId: team[0] === id ? null : (team[0] ?? null),
      openingHours: facts.fraction() < 0.6 ? hoursOf(unit.unit) : null,
      switchboardNote: facts.fraction() < 0.05 ? facts.pick(SWITCHBOARD_NOTES) : null,
      absence: roll.fraction() < ABSENT_SHARE ? absenceOf(roll, today) : null,
    });
  }
  return people;
}

function unitChooser(roll: Dice): () => UnitKind {
  const sums: number[] = [];
  let sum = 0;
  for (const unit of units) sums.push((sum += unit.weight));
  return () => {
    const at = roll.fraction() * sum;
    const unit = units[sums.findIndex((limit) => at < limit)];
    if (!unit) throw new Error('There is no unit.');
    return unit;
  };
}

function nameOf(roll: Dice): { givenName: string; familyName: string } {
  const international = roll.fraction() < 0.24;
  const given = () => roll.pick(international ? internationalGiven : norwegianGiven);
  const family = () =>
    international ? roll.pick(internationalFamily) : roll.fraction() < 0.6 ? roll.pick(norwegianFamily) : roll.pick(farmFamily);
  const shape = roll.fraction();
  const first = given();
  const givenName = shape < 0.08 ? `${first}-${given()}` : shape < 0.2 ? `${first} ${given()}` : first;
  const last = roll.fraction();
  const familyName = last < 0.04 ? `${family()}-${family()}` : last < 0.14 ? `${family()} ${family()}` : family();
  return { givenName, familyName };
}

function keywordsOf(unit: UnitKind, roll: Dice): string[] {
  const chosen = new Set<string>();
  const wanted = 2 + roll.below(4);
  while (chosen.size < wanted) chosen.add(roll.pick(unit.keywords));
  if (roll.fraction() < 0.5) chosen.add(roll.pick(subjects) + roll.pick(matters));
  return [...chosen];
}

const LATIN: Readonly<Record<string, string>> = { æ: 'ae', ø: 'o', å: 'a', ł: 'l', ı: 'i', ß: 'ss', đ: 'd', "'": '' };

function emailOf(givenName: string, familyName: string, taken: Map<string, number>): string {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[æøåłıßđ']/g, (c) => LATIN[c] ?? c)
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replaceAll(' ', '.');
  const local = `${plain(givenName)}.${plain(familyName)}`;
  const times = (taken.get(local) ?? 0) + 1;
  taken.set(local, times);
  return `${local}${times > 1 ? times : ''}@oslo.example`;
}

/** Numbers that look right and are nobody's on purpose; none comes twice. */
function numberMaker(seed: number) {
  // Steps that share no divisor with the range visit every number once.
  const walk = (from: number, size: number, step: number) => {
    let at = (seed * 7919) % size;
    return () => from + (at = (at + step) % size);
  };
  const grouped = (digits: string) =>
    `+47 ${digits.slice(0, 2)} ${digits.slice(2, 4)} ${digits.slice(4, 6)} ${digits.slice(6)}`;
  const mobileGrouped = (digits: string) => `+47 ${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`;
  const landline = walk(21_000_000, 3_000_000, 1_190_947);
  const mobile4 = walk(40_000_000, 8_000_000, 3_361_093);
  const mobile9 = walk(90_000_000, 9_000_000, 4_217_767);
  const short = walk(20_000, 80_000, 33_331);
  let turn = 0;
  return {
    landline: () => grouped(String(landline())),
    mobile: () => mobileGrouped(String(turn++ % 2 === 0 ? mobile9() : mobile4())),
    short: () => String(short()),
  };
}

/** Names of use, as colleagues know them. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  Kristian: 'Kris',
  Kristine: 'Stine',
  Aleksander: 'Alex',
  Elisabeth: 'Lise',
  Katrine: 'Trine',
  Johannes: 'Hans',
  Magdalena: 'Lena',
  Benjamin: 'Ben',
  Mohammed: 'Mo',
  Nikolai: 'Niko',
};

function nicknamesOf(givenName: string, roll: Dice): string[] {
  const short = SHORT_FORMS[givenName.split(/[ -]/)[0] ?? ''];
  return short !== undefined && roll.fraction() < 0.7 ? [short] : [];
}

const HOURS = ['Mo-Fr 08:00-15:45', 'Mo-Fr 08:30-15:30', 'Mo-We,Fr 09:00-15:00; Th 09:00-17:00', 'Mo-Fr 10:00-14:00'] as const;
const SWITCHBOARD_NOTES = [
  'Tar helst telefonen før lunsj',
  'Send e-post om det gjelder faktura',
  'Sitter i møter hver tirsdag',
  'Bruk mobil, fasttelefonen er lite betjent',
] as const;

function unitNumber(unit: string): number {
  let sum = 0;
  for (let i = 0; i < unit.length; i++) sum = (sum * 31 + unit.charCodeAt(i)) % 9973;
  return sum;
}

/** The same hours and the same common number for everybody of a unit. */
const hoursOf = (unit: string): string => HOURS[unitNumber(unit) % HOURS.length] ?? HOURS[0];
function switchboardOf(unit: string): string {
  const digits = String(1000 + (unitNumber(unit) % 9000));
  return `+47 20 99 ${digits.slice(0, 2)} ${digits.slice(2)}`;
}

const CODES = ['FER', 'MØT', 'TJR', 'SYK', 'KUR'] as const;

function absenceOf(roll: Dice, today: Date): string {
  const back = new Date(today.getTime() + (1 + roll.below(21)) * 86_400_000);
  const code = roll.pick(CODES);
  return roll.fraction() < 0.85 ? `${code}: ${back.toISOString().slice(0, 10)}` : `${code}:`;
}
