import type { Citizen, SoundName } from './callers/index.ts';
import type { DemoContact } from './crm/index.ts';

export const domain = 'samband.demo';
export const agent = { id: 'demo', user: 'agent', name: 'Kari Nordmann' };

interface ServiceLine {
  readonly number: string;
  /** As the exchange names it (X-Queue); greetings and tags go by it. */
  readonly name: string;
  readonly greeting: string;
  readonly tags: readonly string[];
}

/** The lines that citizens call, by the names that the CRM's contacts use. */
export const lines: Readonly<Record<string, ServiceLine>> = {
  sentralbord: {
    number: '02180',
    name: 'Sentralbordet',
    greeting: `Kommunens kontaktsenter, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Skole', 'Flytting', 'Betaling', 'Parkering'],
  },
  barnehage: {
    number: '23470010',
    name: 'Barnehageopptak',
    greeting: `Barnehageopptaket, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Barnehage', 'Søknad', 'Betaling', 'Klage'],
  },
  vei: {
    number: '23470020',
    name: 'Vei og brøyting',
    greeting: `Bymiljø, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Vei', 'Brøyting', 'Parkering'],
  },
  helse: {
    number: '23470030',
    name: 'Helse og omsorg',
    greeting: `Helse og omsorg, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Helse', 'Hjemmetjeneste'],
  },
  vann: {
    number: '23470040',
    name: 'Vann og avløp',
    greeting: `Vann og avløp, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Vann og avløp', 'Betaling'],
  },
  fag: {
    number: '23470050',
    name: 'Fagopplæring',
    greeting: `Fagopplæringen, du snakker med ${agent.name.split(' ')[0]}.`,
    tags: ['Fagprøve', 'Lærling'],
  },
};

/** Offered on every line. */
export const commonTags: readonly string[] = ['Besvart', 'Satt over', 'Ring tilbake'];

/** A number that neither the CRM nor the directory knows. */
export const unknownNumber = '+4797531086';

function citizen(number: string | null, line: string, reason: SoundName, voice: 'woman' | 'man'): Citizen {
  const to = lines[line] ?? lines['sentralbord'];
  if (!to) throw new TypeError(`no line ${line}`);
  return voice === 'woman'
    ? { number, line: to.number, reason, hello: 'hallo', thanks: 'takk' }
    : { number, line: to.number, reason, hello: 'hallo-mann', thanks: 'takk-mann' };
}

/** Who calls, in the order of their first calls: those whom the CRM knows, one unknown and one who withholds the number. */
export function citizens(contacts: readonly DemoContact[]): readonly Citizen[] {
  const known = contacts.flatMap(({ call }) => (call ? [citizen(call.number, call.line, call.reason, call.voice)] : []));
  const others = [citizen(unknownNumber, 'fag', 'fagbrev', 'man'), citizen(null, 'sentralbord', 'skjult', 'man')];
  return known.flatMap((one, at) => (at % 2 === 1 ? [one, ...others.splice(0, 1)] : [one])).concat(others);
}
