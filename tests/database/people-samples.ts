import { generatePeople, type DemoPerson } from '../../demo/people/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';

/** An invented person as a source tells it. */
export function sourcePerson(person: DemoPerson): SourcePerson {
  const number = (kind: 'landline' | 'mobile' | 'short', text: string | null) =>
    text === null ? [] : [{ kind, value: text.replaceAll(' ', '') }];
  return {
    ...person,
    reference: person.id,
    numbers: [
      ...number('landline', person.landline),
      ...number('mobile', person.mobile),
      ...number('short', person.shortNumber),
    ],
    deputy: person.deputyId === null ? null : { reference: person.deputyId, name: null, number: null },
    manager: person.managerId === null ? null : { reference: person.managerId, name: null, number: null },
    absence: person.absence === null ? null : { kind: 'away', until: null },
  };
}

/** Invented people as a source tells them. */
export function sourcePeople(count: number, seed: number): SourcePerson[] {
  return generatePeople({ count, seed, today: new Date('2026-11-22T12:00:00Z') }).map(sourcePerson);
}
