/**
 * A labelled set of queries as an operator types them. Right for a query is everybody for whom it is literally as true: nobody could tell
 * them apart by it. Where that would be more than a handful and one person is meant, the operator asks further, and types it.
 */
import { dice, type DemoPerson, type Dice } from '../../../demo/people/index.ts';
import { fold, words } from '../../../main/db/search/fold.ts';
import { CALLED, CITIZENS_WORDS, SHORT_UNITS } from './common-knowledge.ts';
import { both, either, Facts, numbersOf, signatures, type People } from './facts.ts';
import { misheard } from './mishearing.ts';
import { distance, mistyped } from './mistyping.ts';

export const KINDS = {
  name: 90,
  misheard: 110,
  typo: 90,
  keyword: 80,
  'unit + name': 80,
  number: 70,
  synonym: 20,
  abbreviation: 20,
  initials: 20,
  nickname: 20,
} as const;
export type Kind = keyof typeof KINDS;

export interface Labelled {
  readonly kind: Kind;
  readonly typed: string;
  /** Who is right, by place in the list. */
  readonly right: People;
}

/** Who may be right where one person is meant. */
const HANDFUL = 5;

interface Part {
  readonly typed: string;
  readonly who: People;
}

/** What the operator learns further of `person`, in the order of asking: more of the name, where, with what. */
function* further(person: DemoPerson, facts: Facts, known: readonly Part[]): Generator<Part> {
  const said = new Set(known.flatMap(({ typed }) => words(typed)));
  const place = words(person.unit)
    .toReversed()
    .concat(words(person.agency))
    .find((word) => word.length > 3 && !said.has(word));
  if (place !== undefined) yield { typed: place, who: facts.placed(place) };
  for (const word of words(person.name)) if (!said.has(word)) yield { typed: word, who: facts.named(word) };
  const subject = person.keywords.flatMap(words).find((word) => word.length > 3 && !said.has(word));
  if (subject !== undefined) yield { typed: subject, who: facts.about(subject) };
}

/** Joins parts, and what has to be asked further until a handful is left; null: it cannot be told. */
function narrowed(kind: Kind, person: DemoPerson, facts: Facts, parts: readonly Part[]): Labelled | null {
  const all = [...parts];
  let right = parts.map(({ who }) => who).reduce(both);
  for (const more of further(person, facts, parts)) {
    if (right.size <= HANDFUL) break;
    all.push(more);
    right = both(right, more.who);
  }
  return right.size > 0 && right.size <= HANDFUL ? { kind, typed: all.map(({ typed }) => typed).join(' '), right } : null;
}

type Maker = (person: DemoPerson, roll: Dice) => Labelled | null;

function makers(facts: Facts): Record<Kind, Maker> {
  const namedPart = (text: string): Part => ({
    typed: text,
    who: words(text)
      .map((word) => facts.named(word))
      .reduce(both),
  });
  const first = (person: DemoPerson) => person.givenName.split(/[ -]/)[0] ?? person.givenName;
  const last = (person: DemoPerson) => person.familyName.split(/[ -]/).at(-1) ?? person.familyName;
  /** Heard spelling, folded → the names that are heard so. */
  const heardAs = new Map<string, Set<string>>();
  const spelt = new Set(facts.people.flatMap(({ name }) => name.toLowerCase().split(/[ -]/)));
  for (const name of spelt) {
    for (const spelling of misheard(name)) {
      const key = fold(spelling);
      const known = heardAs.get(key);
      if (known) known.add(fold(name));
      else heardAs.set(key, new Set([fold(name)]));
    }
  }
  const place = (person: DemoPerson, roll: Dice) => {
    const all = words(person.unit).filter((word) => word.length > 2 && !/^[0-9]/.test(word));
    return roll.pick(all.length > 0 ? all : words(person.agency));
  };

  return {
    name: (person, roll) =>
      narrowed('name', person, facts, [
        roll.pick([
          () => namedPart(`${first(person)} ${last(person)}`),
          () => namedPart(`${last(person)} ${first(person)}`),
          () => namedPart(person.name),
        ])(),
      ]),

    misheard: (person, roll) => {
      const [wrong, other] = roll.fraction() < 0.6 ? [last(person), first(person)] : [first(person), last(person)];
      const ways = [...misheard(wrong.toLowerCase())].filter((text) => fold(text) !== fold(wrong) && words(text).length === 1);
      if (ways.length === 0) return null;
      const heard = roll.pick(ways);
      const alike = [fold(heard), ...(heardAs.get(fold(heard)) ?? [])].map((word) => facts.named(word));
      const part = { typed: heard, who: either(alike) };
      return narrowed('misheard', person, facts, wrong === last(person) ? [namedPart(other), part] : [part, namedPart(other)]);
    },

    typo: (person, roll) => {
      const target = roll.fraction() < 0.75 ? last(person) : first(person);
      const other = target === last(person) ? first(person) : last(person);
      if (fold(target).length < 4 || words(target).length !== 1) return null;
      const errors = fold(target).length >= 8 && roll.fraction() < 0.3 ? 2 : 1;
      let typed = target.toLowerCase();
      for (let i = 0; i < errors; i++) typed = mistyped(typed, roll);
      const folded = fold(typed);
      if (words(typed).length !== 1 || folded.length < 4) return null;
      const off = distance(folded, fold(target));
      // What folds away is no error, and where ae or oe arise one wrong key is more than one.
      if (off === 0 || off > errors) return null;
      const alike = [...facts.nameWords].filter((word) => distance(folded, word) <= off).map((word) => facts.named(word));
      return narrowed('typo', person, facts, [{ typed, who: either(alike) }, namedPart(other)]);
    },

    keyword: (person, roll) => {
      const keyword = roll.pick(person.keywords);
      const long = words(keyword).filter((word) => word.length > 3);
      const typed = roll.fraction() < 0.2 ? (long[0] ?? keyword).slice(0, Math.max(5, (long[0] ?? '').length - 3)) : keyword;
      const who = words(typed)
        .map((word) => facts.about(word))
        .reduce(both);
      if (roll.fraction() < 0.4) return { kind: 'keyword', typed, right: who };
      const where = place(person, roll);
      return { kind: 'keyword', typed: `${typed} ${where}`, right: both(who, facts.placed(where)) };
    },

    'unit + name': (person, roll) => {
      const name = namedPart(roll.fraction() < 0.5 ? first(person) : last(person));
      const where = roll.fraction() < 0.5 ? words(person.unit).join(' ') : place(person, roll);
      const part = {
        typed: where,
        who: words(where)
          .map((word) => facts.placed(word))
          .reduce(both),
      };
      return narrowed('unit + name', person, facts, roll.fraction() < 0.5 ? [part, name] : [name, part]);
    },

    number: (person, roll) => {
      const numbers = numbersOf(person);
      if (numbers.length === 0) return null;
      const number = roll.pick(numbers);
      const size = Math.min(number.length, 4 + roll.below(3));
      const start = roll.pick([0, number.length - size, roll.below(number.length - size + 1)]);
      const fragment = number.slice(start, start + size);
      return narrowed('number', person, facts, [{ typed: fragment, who: facts.numbered(fragment) }]);
    },

    synonym: (person, roll) => {
      const [said, meant] = roll.pick(CITIZENS_WORDS);
      const who = either([fold(said), ...meant.map(fold)].map((word) => facts.about(word)));
      return who.has(facts.people.indexOf(person))
        ? narrowed('synonym', person, facts, [{ typed: said, who }, namedPart(first(person))])
        : null;
    },

    abbreviation: (person) => {
      const unit = new Set([...words(person.unit), ...words(person.agency)]);
      const known = SHORT_UNITS.find(([, word]) => unit.has(fold(word)));
      if (!known) return null;
      const [short, word] = known;
      const who = either([facts.placed(fold(word)), facts.named(fold(short)), facts.placed(fold(short))]);
      return narrowed('abbreviation', person, facts, [{ typed: short, who }, namedPart(last(person))]);
    },

    initials: (person, roll) => {
      const typed = roll.pick(
        signatures(person.name)
          .filter((text) => text.length <= 4)
          .concat(''),
      ); // '' where there are none
      if (typed.length < 2) return null;
      const where = place(person, roll);
      // What begins a name is as true of its bearer.
      const begun = [...facts.nameWords].filter((word) => word.startsWith(typed)).map((word) => facts.named(word));
      const who = either([facts.signed(typed), ...begun]);
      const subject = words(person.keywords[0] ?? '')[0] ?? '';
      const right = [who, facts.placed(where), facts.about(subject)].reduce(both);
      return right.size > HANDFUL || right.size === 0
        ? null
        : { kind: 'initials', typed: `${typed} ${where} ${subject}`, right };
    },

    nickname: (person) => {
      const known = CALLED.find(([, given]) => given.some((name) => fold(name) === fold(first(person))));
      if (!known) return null;
      const [called, given] = known;
      const who = either([called, ...given].map((name) => facts.named(fold(name))));
      return narrowed('nickname', person, facts, [{ typed: called, who }, namedPart(last(person))]);
    },
  };
}

/** As hands type it: mostly small letters, now and then without æ, ø and å. */
function byHand(typed: string, roll: Dice): string {
  const small = roll.fraction() < 0.7 ? typed.toLowerCase() : typed;
  if (roll.fraction() > 0.15) return small;
  return small.replaceAll('å', 'aa').replaceAll('ø', 'o').replaceAll('æ', 'ae');
}

/** The set for these people: the same for the same seed. Over 500 queries. */
export function labelledQueries(people: readonly DemoPerson[], seed: number): Labelled[] {
  const roll = dice(seed * 65_537 + 3);
  const facts = new Facts(people);
  const make = makers(facts);
  const out: Labelled[] = [];
  for (const [kind, wanted] of Object.entries(KINDS) as [Kind, number][]) {
    let tries = 0;
    for (let made = 0; made < wanted;) {
      if (++tries > wanted * 500) throw new Error(`No more queries of the kind ${kind} can be made of these people.`);
      const one = make[kind](roll.pick(people), roll);
      if (!one || one.right.size === 0) continue;
      out.push({ ...one, typed: byHand(one.typed, roll) });
      made++;
    }
  }
  return out;
}
