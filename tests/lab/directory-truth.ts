/** What a directory server holds, read without any of the app's own code, beside what the copy holds. */
import type { Client } from 'ldapts';
import type { Person } from '#contract';
import type { World } from './directory-world.ts';
import type { Slapd } from './servers/slapd.ts';

/** A person as both sides can tell it: the lasting key, and one line of the facts. */
export type Facts = ReadonlyMap<string, string>;

const ATTRIBUTES = [
  'entryUUID',
  'cn',
  'givenName',
  'sn',
  'title',
  'ou',
  'o',
  'kkKeyword',
  'physicalDeliveryOfficeName',
  'mail',
];
const NUMBERS = ['telephoneNumber', 'mobile', 'kkShortNumber'];

function line(facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(facts);
}

/** Everybody where the app looks, by the server's administrator. */
export function serverFacts(slapd: Slapd): Promise<Facts> {
  return slapd.asAdmin(async (client: Client) => {
    const { searchEntries } = await client.search(slapd.baseDn, {
      filter: '(objectClass=inetOrgPerson)',
      attributes: [...ATTRIBUTES, ...NUMBERS, 'secretary'],
      paged: { pageSize: 1000 },
    });
    const values = (entry: (typeof searchEntries)[number], attribute: string) =>
      [entry[attribute] ?? []].flat().map((value) => value.toString());
    const one = (entry: (typeof searchEntries)[number], attribute: string) => values(entry, attribute)[0] ?? '';
    const names = new Map(searchEntries.map((entry) => [entry.dn, one(entry, 'cn')]));
    return new Map(
      searchEntries.map((entry) => [
        one(entry, 'entryUUID'),
        line({
          name: one(entry, 'cn'),
          givenName: one(entry, 'givenName'),
          familyName: one(entry, 'sn'),
          title: one(entry, 'title'),
          unit: one(entry, 'ou'),
          agency: one(entry, 'o'),
          keywords: values(entry, 'kkKeyword').toSorted(),
          workplace: one(entry, 'physicalDeliveryOfficeName'),
          email: one(entry, 'mail'),
          numbers: NUMBERS.flatMap((attribute) => values(entry, attribute)).map((text) => text.replaceAll(' ', '')),
          deputy: names.get(one(entry, 'secretary')) ?? '',
        }),
      ]),
    );
  });
}

function copied(person: Person): string {
  const { name, givenName, familyName, title, unit, agency, workplace } = person;
  return line({
    name,
    givenName,
    familyName,
    title,
    unit,
    agency,
    keywords: person.keywords.toSorted(),
    workplace,
    email: person.email ?? '',
    numbers: person.numbers.map(({ value }) => value),
    deputy: person.deputy?.name ?? '',
  });
}

/** Everybody in the copy. */
export async function copyFacts(world: World): Promise<Facts> {
  return new Map((await world.everybody()).map((person) => [person.id, copied(person)]));
}

/** What the two do not have in common, a few of it, so that a failure can be read; empty: they are equal. */
export function differences(server: Facts, copy: Facts): string[] {
  const told: string[] = [];
  for (const [id, facts] of server) {
    const known = copy.get(id);
    if (known === undefined) told.push(`not in the copy: ${nameIn(facts)}`);
    else if (known !== facts) told.push(`${nameIn(facts)}: ${unlike(facts, known)}`);
  }
  for (const [id, facts] of copy) if (!server.has(id)) told.push(`only in the copy: ${nameIn(facts)}`);
  return told.slice(0, 5);
}

function nameIn(facts: string): string {
  return (JSON.parse(facts) as { name: string }).name;
}

function unlike(server: string, copy: string): string {
  const known = JSON.parse(copy) as Readonly<Record<string, unknown>>;
  return Object.entries(JSON.parse(server) as Readonly<Record<string, unknown>>)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}, copied ${JSON.stringify(known[name])}`)
    .join('; ');
}
