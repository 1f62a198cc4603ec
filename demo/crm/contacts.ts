/** Who calls in the demo, as its CRM knows them. Everybody is invented, and so are their numbers. */
import type { SoundName } from '../callers/sound.ts';
import { dice } from '../people/index.ts';
import { norwegianFamily, norwegianGiven } from '../people/names.ts';

export interface DemoCase {
  readonly subject: string;
  readonly status: 'new' | 'open' | 'stalled' | 'resolved';
  readonly tags: readonly string[];
  /** Who has it; null: nobody. `agent` is the agent who sits at the demo. */
  readonly owner: string | null;
  /** So many days before the demo began. */
  readonly daysAgo: number;
}

export interface DemoContact {
  readonly name: string;
  readonly email: string;
  /** As the CRM has them: typed by different people in different ways. */
  readonly workPhone: string;
  readonly mobilePhone: string;
  readonly address: string;
  readonly zip: string;
  readonly city: string;
  readonly cases: readonly DemoCase[];
  /** For those who call: from which number (E.164), on which line and why, and with whose voice. */
  readonly call: {
    readonly number: string;
    readonly line: string;
    readonly reason: SoundName;
    readonly voice: 'woman' | 'man';
  } | null;
}

type CaseText = readonly [
  subject: string,
  status: DemoCase['status'],
  daysAgo: number,
  tags: readonly string[],
  owner?: string,
];

function cases(texts: readonly CaseText[]): DemoCase[] {
  return texts.map(([subject, status, daysAgo, tags, owner]) => ({ subject, status, daysAgo, tags, owner: owner ?? null }));
}

/** Those who call, in the order of their first calls. Two of them share a number: who it is has to be asked. */
export const callers: readonly DemoContact[] = [
  {
    name: 'Ingrid Solbakken',
    email: 'ingrid.solbakken@example.no',
    workPhone: '',
    mobilePhone: '922 11 334',
    address: 'Bjerkealleen 14',
    zip: '0487',
    city: 'Oslo',
    cases: cases([
      ['Søknad om barnehageplass fra august', 'open', 12, ['Barnehage', 'Søknad'], 'Marit Østby'],
      ['Redusert foreldrebetaling', 'stalled', 40, ['Barnehage', 'Betaling'], 'Marit Østby'],
      ['Bytte av barnehage', 'resolved', 320, ['Barnehage']],
      ['Parkeringskort for beboere', 'resolved', 610, ['Parkering']],
    ]),
    call: { number: '+4792211334', line: 'barnehage', reason: 'barnehage', voice: 'woman' },
  },
  {
    name: 'Per Håkon Brekke',
    email: 'per.brekke@example.no',
    workPhone: '22 05 10 14',
    mobilePhone: '',
    address: 'Fagerlia 3 B',
    zip: '0565',
    city: 'Oslo',
    cases: cases([
      ['Flytting til bydel Sagene', 'new', 2, ['Skole', 'Flytting'], 'agent'],
      ['Byggesøknad, garasje', 'resolved', 700, ['Byggesak']],
    ]),
    call: { number: '+4722051014', line: 'sentralbord', reason: 'flytting', voice: 'man' },
  },
  {
    name: 'Åse Fjellvang',
    email: 'ase.fjellvang@example.no',
    workPhone: '',
    mobilePhone: '+47 413 05 226',
    address: 'Utsikten 22',
    zip: '0781',
    city: 'Oslo',
    cases: cases([
      ['Ikke brøytet i Utsikten', 'open', 3, ['Vei', 'Brøyting'], 'Roar Myhre'],
      ['Strøing av gangvei', 'resolved', 370, ['Vei', 'Brøyting']],
    ]),
    call: { number: '+4741305226', line: 'vei', reason: 'broyting', voice: 'woman' },
  },
  {
    name: 'Synnøve Haugland',
    email: 'synnove.haugland@example.no',
    workPhone: '23 40 77 12',
    mobilePhone: '',
    address: 'Kirkebakken 7',
    zip: '0668',
    city: 'Oslo',
    cases: cases([
      ['Hjemmehjelp etter sykehusopphold', 'open', 1, ['Helse', 'Hjemmetjeneste'], 'agent'],
      ['Trygghetsalarm', 'resolved', 150, ['Helse']],
    ]),
    call: { number: '+4723407712', line: 'helse', reason: 'hjemmehjelp', voice: 'woman' },
  },
  {
    name: 'Arne Haugland',
    email: 'arne.haugland@example.no',
    workPhone: '',
    mobilePhone: '23407712',
    address: 'Kirkebakken 7',
    zip: '0668',
    city: 'Oslo',
    cases: cases([['Fornyelse av parkeringstillatelse for forflytningshemmede', 'stalled', 25, ['Parkering']]]),
    call: null,
  },
  {
    name: 'Odd Egil Myrvold',
    email: 'odd.myrvold@example.no',
    workPhone: '0047 480 61 937',
    mobilePhone: '',
    address: 'Elvesletta 41',
    zip: '0987',
    city: 'Oslo',
    cases: cases([
      ['Vann i kjeller, mulig tett avløp', 'new', 0, ['Vann og avløp']],
      ['Høyt vanngebyr', 'resolved', 210, ['Vann og avløp', 'Betaling']],
    ]),
    call: { number: '+4748061937', line: 'vann', reason: 'avlop', voice: 'man' },
  },
];

const subjects: readonly (readonly [string, string])[] = [
  ['Hull i veien', 'Vei'],
  ['Søppel ikke hentet', 'Renovasjon'],
  ['Søknad om barnehageplass', 'Barnehage'],
  ['Klage på parkeringsgebyr', 'Parkering'],
  ['Spørsmål om eiendomsskatt', 'Betaling'],
  ['Startlån', 'Bolig'],
  ['Skoleskyss', 'Skole'],
  ['Støy fra byggeplass', 'Byggesak'],
  ['Time hos helsestasjonen', 'Helse'],
  ['Ødelagt gatelys', 'Vei'],
];

/** Others whom the CRM knows, so that a search finds more than those who call. The same seed gives the same people. */
export function generateContacts(seed: number, count: number): DemoContact[] {
  const random = dice(seed);
  return Array.from({ length: count }, (_, index) => {
    const given = random.pick(norwegianGiven);
    const family = random.pick(norwegianFamily);
    const number = String(40_000_000 + random.below(9_000_000));
    const spaced = `${number.slice(0, 3)} ${number.slice(3, 5)} ${number.slice(5)}`;
    return {
      name: `${given} ${family}`,
      email: `innbygger${index + 1}@example.no`,
      workPhone: '',
      mobilePhone: random.pick([number, spaced, `+47${number}`]),
      address: `${random.pick(['Storgata', 'Skolegata', 'Åsveien', 'Lia', 'Tømtebakken'])} ${1 + random.below(80)}`,
      zip: String(random.below(1200)).padStart(4, '0'),
      city: 'Oslo',
      cases: Array.from({ length: 1 + random.below(3) }, () => {
        const [subject, tag] = random.pick(subjects);
        const status = random.pick(['new', 'open', 'stalled', 'resolved', 'resolved', 'resolved'] as const);
        return { subject, status, tags: [tag], owner: null, daysAgo: random.below(700) };
      }),
      call: null,
    };
  });
}
