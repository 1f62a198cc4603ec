/** A look at what the configured directory would give, before anybody works with it: people as they are mapped, and what is left out. */
import type { Fault } from '#contract';
import type { SourcePerson } from '../../db/queries/people.ts';
import type { Random } from '../ports.ts';
import type { DirectorySource, Trouble } from './source.ts';

/** What is known of people, in the order that the helpdesk is shown it. */
export const facts = [
  'title',
  'unit',
  'agency',
  'keywords',
  'workplace',
  'email',
  'landline',
  'mobile',
  'short',
  'other',
  'nicknames',
  'deputy',
  'alternativeNumber',
  'manager',
  'openingHours',
  'switchboardNote',
  'absence',
] as const;
export type Fact = (typeof facts)[number];

/** What a person has of a fact, as one line; empty: nothing. */
export function factOf(person: SourcePerson, fact: Fact): string {
  switch (fact) {
    case 'landline':
    case 'mobile':
    case 'short':
    case 'other':
      return person.numbers
        .filter(({ kind }) => kind === fact)
        .map(({ value }) => value)
        .join(', ');
    case 'keywords':
    case 'nicknames':
      return person[fact].join(', ');
    case 'deputy':
    case 'manager':
      return person[fact]?.name ?? person[fact]?.reference ?? '';
    case 'absence':
      return person.absence === null
        ? ''
        : [person.absence.kind, person.absence.until].filter((part) => part !== null).join(' ');
    default:
      return person[fact] ?? '';
  }
}

export interface Dropped {
  readonly count: number;
  /** The first of them, as the source says where. */
  readonly where: readonly string[];
}

/** What a dry run found. */
export interface Preview {
  readonly people: number;
  /** Some of them, from anywhere in the source. */
  readonly some: readonly SourcePerson[];
  /** How many have each fact. */
  readonly have: Readonly<Record<Fact, number>>;
  readonly dropped: ReadonlyMap<Trouble['what'], Dropped>;
  /** Why it was not read to its end; null: it was. */
  readonly fault: Fault | null;
}

const SHOWN = 10;
const WHERE = 10;

/** Reads everybody and keeps nobody. What was found before a fault is told, too. */
export async function preview(source: DirectorySource, random: Random, signal: AbortSignal): Promise<Preview> {
  const have = Object.fromEntries(facts.map((fact) => [fact, 0])) as Record<Fact, number>;
  const dropped = new Map<Trouble['what'], { count: number; where: string[] }>();
  const some: { readonly at: number; readonly person: SourcePerson }[] = [];
  let people = 0;
  const take = async (batch: readonly SourcePerson[]) => {
    for (const person of batch) {
      for (const fact of facts) if (factOf(person, fact) !== '') have[fact] += 1;
      people += 1;
      // Everybody has the same chance to be among those shown: the first of a list are often all of one kind.
      if (some.length < SHOWN) some.push({ at: people, person });
      else {
        const place = Math.floor(random.fraction() * people);
        if (place < SHOWN) some[place] = { at: people, person };
      }
    }
  };
  const read = await source.fullLoad(take, signal, ({ what, where }) => {
    const known = dropped.get(what) ?? { count: 0, where: [] };
    known.count += 1;
    if (known.where.length < WHERE) known.where.push(where);
    dropped.set(what, known);
  });
  return {
    people,
    some: some.toSorted((a, b) => a.at - b.at).map(({ person }) => person),
    have,
    dropped,
    fault: read.ok ? null : read.error,
  };
}
