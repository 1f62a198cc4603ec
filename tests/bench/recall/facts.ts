/** What is literally true of whom, for deciding who is right for a query. */
import type { DemoPerson } from '../../../demo/people/index.ts';
import { words } from '../../../main/db/search/fold.ts';

/** A set of people by their place in the list. */
export type People = ReadonlySet<number>;
const NOBODY: People = new Set();

function put(map: Map<string, Set<number>>, text: string, person: number): void {
  const known = map.get(text);
  if (known) known.add(person);
  else map.set(text, new Set([person]));
}

export const both = (a: People, b: People): People =>
  a.size <= b.size ? new Set([...a].filter((one) => b.has(one))) : both(b, a);
export const either = (sets: Iterable<People>): People => {
  const all = new Set<number>();
  for (const set of sets) for (const one of set) all.add(one);
  return all;
};

/** The national digits of a person's numbers. */
export const numbersOf = (person: DemoPerson): string[] =>
  [person.landline, person.mobile, person.shortNumber]
    .filter((text) => text !== null)
    .map((text) => text.replace('+47', '').replaceAll(' ', ''));

/** Initials as colleagues sign: of all the name's parts, and of the first with the last. */
export function signatures(name: string): string[] {
  const parts = words(name).map((part) => part.charAt(0));
  return parts.length < 2 ? [] : [...new Set([parts.join(''), `${parts[0]}${parts.at(-1)}`])];
}

/** People by each folded word of what is known of them. */
export class Facts {
  readonly people: readonly DemoPerson[];
  readonly #names = new Map<string, Set<number>>();
  readonly #places = new Map<string, Set<number>>();
  readonly #subjects = new Map<string, Set<number>>();
  readonly #signatures = new Map<string, Set<number>>();

  constructor(people: readonly DemoPerson[]) {
    this.people = people;
    people.forEach((person, at) => {
      for (const text of [person.name, ...person.nicknames]) for (const word of words(text)) put(this.#names, word, at);
      for (const text of [person.unit, person.agency]) for (const word of words(text)) put(this.#places, word, at);
      for (const text of [...person.keywords, person.title]) for (const word of words(text)) put(this.#subjects, word, at);
      for (const text of signatures(person.name)) put(this.#signatures, text, at);
    });
  }

  get nameWords(): Iterable<string> {
    return this.#names.keys();
  }
  /** Who has this whole word in the name. */
  named(word: string): People {
    return this.#names.get(word) ?? NOBODY;
  }
  /** Who has this whole word in the unit or the agency. */
  placed(word: string): People {
    return this.#places.get(word) ?? NOBODY;
  }
  signed(initials: string): People {
    return this.#signatures.get(initials) ?? NOBODY;
  }
  /** Who has a word beginning so in keywords, title, unit or agency. */
  about(beginning: string): People {
    const sets: People[] = [];
    for (const map of [this.#subjects, this.#places])
      for (const [word, who] of map) if (word.startsWith(beginning)) sets.push(who);
    return either(sets);
  }
  /** Who has a compound with this piece after its beginning. */
  pieced(piece: string): People {
    const sets: People[] = [];
    for (const map of [this.#subjects, this.#places]) for (const [word, who] of map) if (word.includes(piece)) sets.push(who);
    return either(sets);
  }
  numbered(fragment: string): People {
    const out = new Set<number>();
    this.people.forEach((person, at) => {
      if (numbersOf(person).some((number) => number.includes(fragment))) out.add(at);
    });
    return out;
  }
}
