/** From an entry to a person, by the settings' mapping. */
import type { PhoneNumber } from '#contract';
import type { SourceColleague, SourcePerson } from '../../../db/queries/people.ts';
import type { ServerSettings } from '../../settings/index.ts';
import { absenceOf, namesOf, numberValue, oneLine, phoneNumbers, splitName, type Named } from '../people.ts';
import type { TellTrouble } from '../source.ts';
import type { Entry } from './messages.ts';

type Mapping = ServerSettings['mapping'];

const NONE: readonly string[] = [];

/** The values of an attribute, in whatever spelling its name is given. */
export function valuesOf(entry: Entry, attribute: string): readonly string[] {
  return entry.attributes.get(attribute.toLowerCase()) ?? NONE;
}

/** The attributes to ask for, `more` among them. */
export function attributesOf(mapping: Mapping, more: readonly string[]): string[] {
  return [...new Set([...Object.values(mapping).flat(), ...more])].filter((attribute) => attribute !== '');
}

/** A DN in one spelling (RFC 4514 lets spaces and letter case differ). */
export function dnKey(dn: string): string {
  // As nearly all are written, there is nothing to do but the letter case.
  if (!/\\|\s[,=]|[,=]\s|^\s|\s$/.test(dn)) return dn.toLowerCase().normalize('NFC');
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

function colleagueOf(text: string): SourceColleague | null {
  if (text === '') return null;
  // Some directories have a name where a DN belongs.
  if (!text.includes('=')) return { reference: null, name: oneLine(text), number: null };
  return { reference: dnKey(text), name: nameInDn(text), number: null };
}

/** Several values, or one that holds several between semicolons or on lines of their own. */
function listOf(values: readonly string[]): string[] {
  const parts = values.flatMap((value) => (/[;\n]/.test(value) ? value.split(/[;\r\n]+/) : [value])).map(oneLine);
  return [...new Set(parts)].filter((part) => part !== '');
}

/** What an entry is read by: the attribute that is the lasting key, and the settings. */
export interface EntryReading {
  readonly key: string;
  readonly mapping: Mapping;
  readonly unitNames: Readonly<Record<string, string>>;
  /** ISO 3166: what a number without a country code is taken for. */
  readonly country: string;
}

/** Reads entries; one without a lasting key or without a name gives null, and is told as trouble. */
export function entryReader(reading: EntryReading): (entry: Entry, trouble?: TellTrouble) => SourcePerson | null {
  const { mapping, country } = reading;
  const attributes = new Map<string, string[]>();
  for (const [name, from] of Object.entries(mapping)) {
    attributes.set(
      name,
      [from].flat().flatMap((attribute) => (attribute === '' ? [] : [attribute.toLowerCase()])),
    );
  }
  const key = reading.key.toLowerCase();
  const unitName: Named = namesOf(reading.unitNames);

  return (entry, trouble) => {
    const all = (name: keyof Mapping): readonly string[] => {
      const from = attributes.get(name) ?? [];
      if (from.length === 1) return entry.attributes.get(from[0] ?? '') ?? NONE;
      return from.flatMap((attribute) => entry.attributes.get(attribute) ?? []);
    };
    const first = (name: keyof Mapping): string => {
      for (const value of all(name)) {
        const text = oneLine(value);
        if (text !== '') return text;
      }
      return '';
    };
    const numbers = (kind: PhoneNumber['kind'], name: keyof Mapping) => all(name).map((text) => ({ kind, text }));

    const id = entry.attributes.get(key)?.[0] ?? '';
    if (id === '') {
      trouble?.({ what: 'no-key', where: entry.dn });
      return null;
    }
    const given = first('givenName');
    const family = first('familyName');
    const name = first('name') || oneLine(`${given} ${family}`);
    if (name === '') {
      trouble?.({ what: 'no-name', where: entry.dn });
      return null;
    }
    const found = [...numbers('landline', 'landline'), ...numbers('mobile', 'mobile'), ...numbers('short', 'shortNumber')];
    const read = phoneNumbers(found, country, () => trouble?.({ what: 'number', where: entry.dn }));
    const split = given === '' || family === '' ? splitName(name) : { givenName: given, familyName: family };
    const alternative = first('alternativeNumber');
    return {
      id,
      reference: dnKey(entry.dn),
      name,
      givenName: given || split.givenName,
      familyName: family || split.familyName,
      title: first('title'),
      unit: unitName(first('unit')),
      agency: unitName(first('agency')),
      keywords: listOf(all('keywords')),
      workplace: first('workplace'),
      email: first('email') || null,
      numbers: read,
      nicknames: listOf(all('nicknames')),
      deputy: colleagueOf(all('deputy')[0] ?? ''),
      alternativeNumber: alternative === '' ? null : numberValue(alternative, country),
      manager: colleagueOf(all('manager')[0] ?? ''),
      openingHours: first('openingHours') || null,
      switchboardNote: first('switchboardNote') || null,
      absence: absenceOf(all('absence')[0] ?? ''),
    };
  };
}
