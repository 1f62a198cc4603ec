/** Where the directory comes from, and how what it holds becomes people. */
import { z } from 'zod';
import { url } from './url.ts';

const MAPPED = [
  'name',
  'givenName',
  'familyName',
  'title',
  /** The section. */
  'unit',
  'agency',
  'keywords',
  'workplace',
  'email',
  'landline',
  'mobile',
  'shortNumber',
  'nicknames',
  /** A DN of the deputy's own entry. */
  'deputy',
  'alternativeNumber',
  /** A DN. */
  'manager',
  /** `Mo-Fr 08:00-15:30`. */
  'openingHours',
  'switchboardNote',
  /** Non-empty: absent. `FER: 2026-12-01`: a calendar's code, and the day of return. */
  'absence',
] as const;

type Mapped = (typeof MAPPED)[number];

/** What is known of a person → the server's attribute; several: the first that has a value, of lists all. `""`: not read. */
function mapping(defaults: Readonly<Record<Mapped, string | string[]>>) {
  const attributes = z.union([z.string(), z.array(z.string().min(1)).min(1)]);
  return z.strictObject(
    Object.fromEntries(MAPPED.map((name) => [name, attributes.default(defaults[name])])) as Record<
      Mapped,
      z.ZodDefault<typeof attributes>
    >,
  );
}

/** What the directory calls a unit or an agency (letter case does not matter) → what people call it. */
const unitNames = z.record(z.string(), z.string().min(1)).default({});

/** What is said of people beside what a source tells; the same whatever the source is. */
const aroundPeople = {
  /** A JSON file with what people say instead (`{"groups": [["søppel", "renovasjon"]]}`), read again when it changes. */
  synonymsFile: z.string().min(1).optional(),
  /** Unit → opening hours (`Mo-Fr 08:00-15:30`), for whoever has none of their own; `*`: everybody else. */
  openingHours: z.record(z.string(), z.string()).optional(),
  /** Who takes reports of wrong numbers and missing keywords. crm: as a case, in a queue of its own where one is named. */
  reports: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('crm'), queue: z.string().min(1).optional() }),
      z.strictObject({ by: z.literal('mail'), address: z.email() }),
    ])
    .optional(),
  /** Messages to a person. `{caller}`, `{number}`, `{agent}` and `{person}` are filled in. */
  messages: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.strictObject({ nb: z.string(), nn: z.string(), en: z.string() }),
        kind: z.enum(['mail', 'sms']),
        subject: z.string().max(200).default(''),
        body: z.string().max(2000),
      }),
    )
    .max(30)
    .optional(),
};

/** What all servers that speak LDAP need. */
const server = {
  url: url('ldap:', 'ldaps:'),
  startTls: z.boolean().default(false),
  /** A PEM file of a CA beside the system's own. */
  caFile: z.string().nullable().default(null),
  /** certificate: SASL EXTERNAL with `certificateFile` and `keyFile`, under TLS; no password is needed then. */
  authentication: z.enum(['password', 'certificate']).default('password'),
  certificateFile: z.string().nullable().default(null),
  keyFile: z.string().nullable().default(null),
  bindDn: z.string().default(''),
  baseDn: z.string(),
  pageSize: z.int().min(10).max(10_000).default(500),
  refreshSeconds: z.int().min(5).max(86_400).default(60),
  unitNames,
  ...aroundPeople,
};

export const ldap = z.strictObject({
  kind: z.literal('ldap'),
  ...server,
  filter: z.string().default('(objectClass=inetOrgPerson)'),
  mapping: mapping({
    name: 'cn',
    givenName: 'givenName',
    familyName: 'sn',
    title: 'title',
    unit: 'ou',
    agency: 'o',
    keywords: 'kkKeyword',
    workplace: 'physicalDeliveryOfficeName',
    email: 'mail',
    landline: 'telephoneNumber',
    mobile: 'mobile',
    shortNumber: 'kkShortNumber',
    nicknames: 'kkNickname',
    deputy: 'secretary',
    alternativeNumber: 'kkAlternativeNumber',
    manager: 'manager',
    openingHours: 'kkOpeningHours',
    switchboardNote: 'kkSwitchboardNote',
    absence: 'kkAbsence',
  }).prefault({}),
});

export const activeDirectory = z.strictObject({
  kind: z.literal('active-directory'),
  ...server,
  /** Enabled accounts of people. */
  filter: z.string().default('(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))'),
  mapping: mapping({
    name: ['displayName', 'cn'],
    givenName: 'givenName',
    familyName: 'sn',
    title: 'title',
    unit: 'department',
    agency: 'company',
    keywords: ['info', 'description'],
    workplace: 'physicalDeliveryOfficeName',
    email: 'mail',
    landline: 'telephoneNumber',
    mobile: 'mobile',
    shortNumber: 'ipPhone',
    nicknames: '',
    deputy: ['assistant', 'secretary'],
    alternativeNumber: 'otherTelephone',
    manager: 'manager',
    openingHours: '',
    switchboardNote: '',
    absence: '',
  }).prefault({}),
});

/** What is known of a person → the file's column; several: the first that has a value, of lists all. Left out: the name here, where it is there. */
const column = z.union([z.string(), z.array(z.string().min(1)).min(1)]).optional();
const columns = z
  .strictObject(
    Object.fromEntries((['id', ...MAPPED] as const).map((name) => [name, column])) as Record<'id' | Mapped, typeof column>,
  )
  .default({});

export const csv = z.strictObject({
  kind: z.literal('csv'),
  file: z.string(),
  refreshSeconds: z.int().min(5).max(86_400).default(300),
  /** auto: the one of the three that divides the header. */
  delimiter: z.enum(['auto', ';', ',', 'tab']).default('auto'),
  /** auto: by its byte order mark; else UTF-8 where it is that, else what Windows writes. */
  encoding: z.enum(['auto', 'utf-8', 'windows-1252']).default('auto'),
  columns,
  unitNames,
  ...aroundPeople,
});

export type LdapSettings = z.infer<typeof ldap>;
export type ActiveDirectorySettings = z.infer<typeof activeDirectory>;
/** A server that speaks LDAP, of either kind. */
export type ServerSettings = LdapSettings | ActiveDirectorySettings;
export type CsvSettings = z.infer<typeof csv>;
export type DirectorySettings = ServerSettings | CsvSettings;
export type Mapping = ServerSettings['mapping'];
export type ReportSettings = NonNullable<DirectorySettings['reports']>;
export type MessageSettings = NonNullable<DirectorySettings['messages']>[number];
