/** From an LDAP entry to a person, by the settings' mapping. */
import type { Entry } from 'ldapts';
import type { SourceColleague, SourcePerson } from '../../../db/queries/people.ts';
import type { LdapSettings } from '../../settings/index.ts';
import { absenceOf, numberValue, oneLine, phoneNumbers, splitName } from '../people.ts';

type Mapping = LdapSettings['mapping'];

/** The values of an attribute: ldapts gives [] for none, a string for one, an array for several, in the server's spelling of the name. */
export function valuesOf(entry: Entry, attribute: string): string[] {
  const wanted = attribute.toLowerCase();
  for (const [name, value] of Object.entries(entry)) {
    if (name.toLowerCase() !== wanted) continue;
    const all = Array.isArray(value) ? value : [value];
    return all.map((one) => (typeof one === 'string' ? one : one.toString('utf8'))).filter((one) => one.trim() !== '');
  }
  return [];
}

/** The attributes to ask for. */
export function attributesOf(mapping: Mapping): string[] {
  return [...new Set([...Object.values(mapping), 'entryUUID', 'entryCSN'])];
}

/** A DN in one spelling (RFC 4514 lets spaces and letter case differ). */
export function dnKey(dn: string): string {
  return dn
    .split(/(?<!\\),/)
    .map((part) => {
      const at = part.indexOf('=');
      return `${part.slice(0, at).trim()}=${part.slice(at + 1).trim()}`;
    })
    .join(',')
    .toLowerCase()
    .normalize('NFC');
}

/** A name for somebody outside the directory, when the DN begins with one. */
function nameInDn(dn: string): string | null {
  const found = /^\s*cn\s*=\s*((?:\\.|[^,+\\])+)/i.exec(dn);
  return found?.[1] ? oneLine(found[1].replace(/\\(.)/g, '$1')) : null;
}

/** The person of an entry; null when the entry has no lasting key or no name. */
export function personOf(entry: Entry, mapping: Mapping, country: string): SourcePerson | null {
  const first = (attribute: string) => oneLine(valuesOf(entry, attribute)[0] ?? '');
  const id = first('entryUUID');
  const given = first(mapping.givenName);
  const family = first(mapping.familyName);
  const name = first(mapping.name) || oneLine(`${given} ${family}`);
  if (id === '' || name === '') return null;
  const split = splitName(name);
  const colleague = (attribute: string): SourceColleague | null => {
    const dn = valuesOf(entry, attribute)[0];
    return dn === undefined ? null : { reference: dnKey(dn), name: nameInDn(dn), number: null };
  };
  const alternative = first(mapping.alternativeNumber);
  const numbers = (kind: 'landline' | 'mobile' | 'short', attribute: string) =>
    valuesOf(entry, attribute).map((text) => ({ kind, text }));
  return {
    id,
    reference: dnKey(entry.dn),
    name,
    givenName: given || split.givenName,
    familyName: family || split.familyName,
    title: first(mapping.title),
    unit: first(mapping.unit),
    agency: first(mapping.agency),
    keywords: [...new Set(valuesOf(entry, mapping.keywords).map(oneLine))],
    workplace: first(mapping.workplace),
    email: first(mapping.email) || null,
    numbers: phoneNumbers(
      [
        ...numbers('landline', mapping.landline),
        ...numbers('mobile', mapping.mobile),
        ...numbers('short', mapping.shortNumber),
      ],
      country,
    ),
    nicknames: [...new Set(valuesOf(entry, mapping.nicknames).map(oneLine))],
    deputy: colleague(mapping.deputy),
    alternativeNumber: alternative === '' ? null : numberValue(alternative, country),
    manager: colleague(mapping.manager),
    openingHours: first(mapping.openingHours) || null,
    switchboardNote: first(mapping.switchboardNote) || null,
    absence: absenceOf(valuesOf(entry, mapping.absence)[0] ?? ''),
  };
}
