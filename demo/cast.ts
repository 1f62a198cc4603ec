import type { DemoPerson } from './people/index.ts';

/** Colleagues whom the CRM's cases name: in the directory they have to be found, at their desks, and answer. */
const cast = [
  {
    givenName: 'Marit',
    familyName: 'Østby',
    title: 'fagkonsulent barnehage',
    unit: /^Barnehagekontoret/,
    keywords: ['barnehageplass', 'opptak', 'foreldrebetaling', 'bytte av barnehage'],
    landline: '+47 22 05 10 20',
    shortNumber: '51020',
  },
  {
    givenName: 'Roar',
    familyName: 'Myhre',
    title: 'driftsleder',
    unit: /^Vei og vinterdrift/,
    keywords: ['brøyting', 'strøing', 'hull i veien'],
    landline: '+47 22 05 10 30',
    shortNumber: '51030',
  },
] as const;

/** The people with the cast put in: each takes the place of somebody in the right unit. */
export function withCast(people: readonly DemoPerson[]): readonly DemoPerson[] {
  const taken = new Map<string, DemoPerson>();
  for (const { unit, ...role } of cast) {
    const place = people.find((person) => unit.test(person.unit) && !taken.has(person.id));
    if (!place) continue;
    const name = `${role.givenName} ${role.familyName}`;
    const email = `${name.toLowerCase().replace('ø', 'o').replace(' ', '.')}@${place.email.split('@')[1] ?? 'example.no'}`;
    taken.set(place.id, { ...place, ...role, name, email, mobile: null, absence: null });
  }
  return people.map((person) => {
    const own = taken.get(person.id);
    if (own) return own;
    // Nobody else has the names and numbers of the cast.
    const double = cast.find(({ givenName, familyName }) => person.name === `${givenName} ${familyName}`);
    const named = double ? { ...person, givenName: 'Ragnhild', name: `Ragnhild ${person.familyName}` } : person;
    const numbers: readonly string[] = cast.flatMap(({ landline, shortNumber }) => [landline, shortNumber]);
    const free = (number: string | null) => (number !== null && numbers.includes(number) ? null : number);
    return { ...named, landline: free(named.landline), shortNumber: free(named.shortNumber) };
  });
}

/** Whether somebody must be there for the demo to go as its phrases say. */
export function isCast(person: DemoPerson): boolean {
  return cast.some(({ landline }) => landline === person.landline);
}
