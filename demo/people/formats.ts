/** The directory as files: CSV for the app's CSV source, LDIF (RFC 2849) for an LDAP server. */
import type { DemoPerson } from './generate.ts';

const columns = [
  'id',
  'name',
  'givenName',
  'familyName',
  'title',
  'unit',
  'agency',
  'keywords',
  'workplace',
  'email',
  'landline',
  'mobile',
  'shortNumber',
  'nicknames',
  'deputy',
  'alternativeNumber',
  'manager',
  'openingHours',
  'switchboardNote',
  'absence',
] as const;

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV with a header, as the app's CSV source reads it: keywords between semicolons, the deputy by id. */
export function peopleCsv(people: readonly DemoPerson[]): string {
  const lines = people.map((person) => {
    const values: Record<(typeof columns)[number], string> = {
      ...person,
      keywords: person.keywords.join('; '),
      landline: person.landline ?? '',
      mobile: person.mobile ?? '',
      shortNumber: person.shortNumber ?? '',
      nicknames: person.nicknames.join('; '),
      deputy: person.deputyId ?? '',
      alternativeNumber: person.alternativeNumber ?? '',
      manager: person.managerId ?? '',
      openingHours: person.openingHours ?? '',
      switchboardNote: person.switchboardNote ?? '',
      absence: person.absence ?? '',
    };
    return columns.map((column) => cell(values[column])).join(',');
  });
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** The DN of a person under `base`. */
export function personDn(id: string, base: string): string {
  return `uid=${id},ou=people,${base}`;
}

function attribute(name: string, value: string): string {
  // SAFE-STRING of RFC 2849; anything else goes as base64.
  return /^[\x21-\x39\x3b\x3d-\x7e][\x20-\x7e]*$/.test(value) && !value.endsWith(' ')
    ? `${name}: ${value}`
    : `${name}:: ${Buffer.from(value, 'utf8').toString('base64')}`;
}

/** One entry's attributes in the names of the app's default mapping (inetOrgPerson and the schema in people.schema). */
export function personAttributes(person: DemoPerson, base: string): [name: string, value: string][] {
  const pairs: [string, string | null][] = [
    ['objectClass', 'inetOrgPerson'],
    ['objectClass', 'kkPerson'],
    ['uid', person.id],
    ['cn', person.name],
    ['givenName', person.givenName],
    ['sn', person.familyName],
    ['title', person.title],
    ['ou', person.unit],
    ['o', person.agency],
    ...person.keywords.map((keyword): [string, string] => ['kkKeyword', keyword]),
    ['physicalDeliveryOfficeName', person.workplace],
    ['mail', person.email],
    ['telephoneNumber', person.landline],
    ['mobile', person.mobile],
    ['kkShortNumber', person.shortNumber],
    ['secretary', person.deputyId === null ? null : personDn(person.deputyId, base)],
    ...person.nicknames.map((name): [string, string] => ['kkNickname', name]),
    ['kkAlternativeNumber', person.alternativeNumber],
    ['manager', person.managerId === null ? null : personDn(person.managerId, base)],
    ['kkOpeningHours', person.openingHours],
    ['kkSwitchboardNote', person.switchboardNote],
    ['kkAbsence', person.absence],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

/** An LDIF entry a person; the base and `ou=people` are the server's to make. */
export function* peopleLdif(people: Iterable<DemoPerson>, base: string): Generator<string> {
  for (const person of people) {
    const lines = personAttributes(person, base).map(([name, value]) => attribute(name, value));
    yield `${[attribute('dn', personDn(person.id, base)), ...lines].join('\n')}\n\n`;
  }
}
