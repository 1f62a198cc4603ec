/** What a dry run of the directory says, in the helpdesk's words. Pure. */
import type { SourcePerson } from '../../db/queries/people.ts';
import { factOf, facts, type Fact, type Preview } from '../directory/dry-run.ts';
import type { Trouble } from '../directory/source.ts';
import type { tongueOf } from './failure.ts';

interface Words {
  readonly facts: Readonly<Record<Fact, string>>;
  /** Counted: `{n}`. */
  readonly troubles: Readonly<Record<Trouble['what'], string>>;
  readonly title: string;
  readonly some: string;
  readonly key: string;
  readonly have: string;
  readonly dropped: string;
  readonly nothingDropped: string;
  readonly among: string;
  readonly people: string;
  readonly nobody: string;
  readonly fault: string;
  readonly unchanged: string;
}

const words: Readonly<Record<ReturnType<typeof tongueOf>, Words>> = {
  nb: {
    facts: {
      title: 'tittel',
      unit: 'enhet',
      agency: 'etat',
      keywords: 'stikkord',
      workplace: 'arbeidssted',
      email: 'e-post',
      landline: 'fasttelefon',
      mobile: 'mobil',
      short: 'kortnummer',
      other: 'andre numre',
      nicknames: 'kallenavn',
      deputy: 'stedfortreder',
      alternativeNumber: 'alternativ telefon',
      manager: 'leder',
      openingHours: 'åpningstid',
      switchboardNote: 'merknad til sentralbordet',
      absence: 'fravær',
    },
    troubles: {
      'no-key': '{n} uten nøkkel: de er utelatt',
      'no-name': '{n} uten navn: de er utelatt',
      twice: '{n} med en nøkkel som en annen alt har: de er utelatt',
      row: '{n} linjer som ikke kan leses: de er utelatt',
      number: '{n} numre som ikke kan leses: personene er med, uten nummeret',
      column: '{n} kolonner som ikke brukes',
    },
    title: 'Prøvelesing av personkatalogen',
    some: 'Noen av dem, slik Samband viser dem:',
    key: 'nøkkel',
    have: 'Så mange har',
    dropped: 'Utelatt:',
    nothingDropped: 'Ingenting er utelatt.',
    among: 'blant annet',
    people: '{n} personer ble lest.',
    nobody: 'Ingen ble lest.',
    fault: 'Katalogen kunne ikke leses til ende',
    unchanged: 'Ingenting er lagret.',
  },
  nn: {
    facts: {
      title: 'tittel',
      unit: 'eining',
      agency: 'etat',
      keywords: 'stikkord',
      workplace: 'arbeidsstad',
      email: 'e-post',
      landline: 'fasttelefon',
      mobile: 'mobil',
      short: 'kortnummer',
      other: 'andre nummer',
      nicknames: 'kallenamn',
      deputy: 'stadfortredar',
      alternativeNumber: 'alternativ telefon',
      manager: 'leiar',
      openingHours: 'opningstid',
      switchboardNote: 'merknad til sentralbordet',
      absence: 'fråvær',
    },
    troubles: {
      'no-key': '{n} utan nøkkel: dei er utelatne',
      'no-name': '{n} utan namn: dei er utelatne',
      twice: '{n} med ein nøkkel som ein annan alt har: dei er utelatne',
      row: '{n} linjer som ikkje kan lesast: dei er utelatne',
      number: '{n} nummer som ikkje kan lesast: personane er med, utan nummeret',
      column: '{n} kolonnar som ikkje blir brukte',
    },
    title: 'Prøvelesing av personkatalogen',
    some: 'Nokre av dei, slik Samband viser dei:',
    key: 'nøkkel',
    have: 'Så mange har',
    dropped: 'Utelate:',
    nothingDropped: 'Ingenting er utelate.',
    among: 'mellom anna',
    people: '{n} personar vart lesne.',
    nobody: 'Ingen vart lesne.',
    fault: 'Katalogen kunne ikkje lesast til endes',
    unchanged: 'Ingenting er lagra.',
  },
  en: {
    facts: {
      title: 'title',
      unit: 'unit',
      agency: 'agency',
      keywords: 'keywords',
      workplace: 'workplace',
      email: 'e-mail',
      landline: 'landline',
      mobile: 'mobile',
      short: 'short number',
      other: 'other numbers',
      nicknames: 'nicknames',
      deputy: 'deputy',
      alternativeNumber: 'alternative telephone',
      manager: 'manager',
      openingHours: 'opening hours',
      switchboardNote: 'note to the switchboard',
      absence: 'absence',
    },
    troubles: {
      'no-key': '{n} without a key: left out',
      'no-name': '{n} without a name: left out',
      twice: '{n} with a key that somebody else has: left out',
      row: '{n} lines that cannot be read: left out',
      number: '{n} numbers that cannot be read: the people are there, without the number',
      column: '{n} columns that are not used',
    },
    title: 'Dry run of the person directory',
    some: 'Some of them, as Samband shows them:',
    key: 'key',
    have: 'So many have',
    dropped: 'Left out:',
    nothingDropped: 'Nothing is left out.',
    among: 'among them',
    people: '{n} people were read.',
    nobody: 'Nobody was read.',
    fault: 'The directory could not be read to its end',
    unchanged: 'Nothing is stored.',
  },
};

const counted = (text: string, n: number) => text.replace('{n}', String(n));
/** A terminal would act upon what a directory may hold. */
const plain = (text: string) => text.replace(/\p{Cc}/gu, ' ');

function personLines(person: SourcePerson, number: number, { facts: names, key }: Words): string[] {
  const known = facts.map((fact) => [names[fact], factOf(person, fact)] as const).filter(([, value]) => value !== '');
  return [
    `${String(number).padStart(3)}. ${person.name}`,
    ...[[key, person.id] as const, ...known].map(([name, value]) => `     ${name}: ${value}`),
  ];
}

/** The lines to print. */
export function dryRunLines(found: Preview, tongue: ReturnType<typeof tongueOf>): string[] {
  const texts = words[tongue];
  const share = (fact: Fact) => Math.round((100 * found.have[fact]) / found.people);
  const width = Math.max(...Object.values(texts.facts).map((name) => name.length));
  return [
    texts.title,
    '',
    found.people === 0 ? texts.nobody : counted(texts.people, found.people),
    ...(found.fault === null ? [] : [`${texts.fault}: ${found.fault.code}: ${found.fault.message}`]),
    ...(found.some.length === 0 ? [] : ['', texts.some]),
    ...found.some.flatMap((person, at) => ['', ...personLines(person, at + 1, texts)]),
    ...(found.people === 0
      ? []
      : [
          '',
          `${texts.have}:`,
          ...facts.map(
            (fact) => `  ${texts.facts[fact].padEnd(width)} ${String(found.have[fact]).padStart(7)}  ${share(fact)} %`,
          ),
        ]),
    '',
    ...(found.dropped.size === 0
      ? [texts.nothingDropped]
      : [
          texts.dropped,
          ...[...found.dropped].flatMap(([what, { count, where }]) => [
            `  ${counted(texts.troubles[what], count)}`,
            `    ${count > where.length ? `${texts.among} ` : ''}${where.join(' · ')}`,
          ]),
        ]),
    '',
    texts.unchanged,
  ].map(plain);
}
