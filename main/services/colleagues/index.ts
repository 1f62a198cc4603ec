/** What the directory offers around a person: whom to try first, whom instead, messages, and how its data gets better. */
import { fail, ok, type CallInput, type CallOutput, type Person, type Profile, type Result } from '#contract';
import type { Database } from '../../db/client.ts';
import { normaliseNumber } from '../numbers/index.ts';
import type { Clock, Log } from '../ports.ts';
import type { Feature } from '../router.ts';
import type { AgentSettings, MessageSettings, ReportSettings } from '../settings/index.ts';
import { alternativesTo } from './alternatives.ts';
import { messageLink } from './messages.ts';
import { reportMail, reportNote } from './report.ts';

export { createSharedCounts } from './shared-counts.ts';

export interface ColleaguesPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly agent: AgentSettings;
  /** Who answers at the agent's own telephone, as its number; null: not known. */
  readonly ownNumber: string | null;
  /** ISO 3166. */
  readonly country: string;
  /** Days after which it is forgotten whom a caller spoke to. */
  readonly keepDays: number;
  /** Calendars are read at all. */
  readonly calendars: boolean;
  readonly messages: readonly MessageSettings[];
  /** Null: the settings name nobody who takes reports. */
  readonly reports: ReportSettings | null;
  /** A person as the window is told: with opening hours. */
  readonly dress: (person: Person) => Person;
  /** These are shown: what is known of them should be fresh. */
  readonly shown: (ids: readonly string[]) => void;
  /** The notes' own call: a report goes the way of a note. */
  readonly submit: (note: CallInput<'notes.submit'>) => Promise<Result<CallOutput<'notes.submit'>>>;
}

type Calls =
  | 'directory.transferred'
  | 'directory.favourite'
  | 'directory.suggested'
  | 'directory.alternatives'
  | 'directory.report'
  | 'directory.profile'
  | 'directory.messages'
  | 'directory.message';

const SPOKEN_TO = 5;
const FAVOURITES = 50;
const LAST_TRANSFERRED = 10;
const ALTERNATIVES = 10;
const dayMs = 24 * 60 * 60 * 1000;

/** What an entry lacks that others find or reach people by. */
function missingOf(person: Person, calendars: boolean): Profile['missing'] {
  const lacks: Readonly<Record<Profile['missing'][number], boolean>> = {
    keywords: person.keywords.length === 0,
    deputy: person.deputy === null && person.alternativeNumber === null,
    mobile: !person.numbers.some(({ kind }) => kind === 'mobile'),
    hours: person.hours === null,
    calendar: calendars && person.calendar === null,
  };
  return (['keywords', 'deputy', 'mobile', 'hours', 'calendar'] as const).filter((one) => lacks[one]);
}

/** The calls around a person. Forgets whom callers spoke to when it was long ago; nothing else goes on in the background. */
export function createColleagues(ports: ColleaguesPorts): Feature<Calls> {
  const { database, clock, dress } = ports;
  const now = () => clock.now().toISOString();

  /** A caller's number as it is kept; null: withheld, or none. */
  const numberKey = (number: string | null) => {
    const { e164, digits } = normaliseNumber(number, ports.country);
    return e164 ?? (digits === '' ? null : digits);
  };

  /** Nobody may be remembered longer than policy says, also where no more calls are passed on. */
  const purge = () =>
    database.run('use.purge', { before: new Date(clock.now().getTime() - ports.keepDays * dayMs).toISOString() });
  let purging: Promise<unknown> = Promise.resolve();
  let cancelPurge: (() => void) | null = null;
  const purgeDaily = () => {
    purging = purge().catch((error: unknown) => {
      ports.log.warn('use.purge-failed', { cause: error instanceof Error ? error.message : String(error) });
    });
    cancelPurge = clock.after(dayMs, purgeDaily);
  };
  purgeDaily();

  async function find(id: string): Promise<Result<Person>> {
    const person = await database.run('people.get', { id, now: now() });
    return person ? ok(dress(person)) : fail('not-found', 'Nobody in the directory has this id.');
  }

  async function ownEntry(): Promise<Person | null> {
    const { directoryId, email } = ports.agent;
    if (directoryId !== undefined) return database.run('people.get', { id: directoryId, now: now() });
    return database.run('people.byAddress', { email: email ?? null, number: numberKey(ports.ownNumber), now: now() });
  }

  return {
    handlers: {
      async 'directory.transferred'({ personId, number, line }) {
        return ok(await database.run('people.transferred', { id: personId, at: now(), number: numberKey(number), line }));
      },
      async 'directory.favourite'({ personId, on }) {
        return ok(await database.run('use.favourite', { id: personId, on, at: now() }));
      },
      async 'directory.suggested'({ number, line }) {
        const key = numberKey(number);
        const at = now();
        const before = new Date(Date.parse(at) - ports.keepDays * dayMs).toISOString();
        const [spokenTo, favourites, lastTransferred] = await Promise.all([
          key === null ? [] : database.run('use.spokenTo', { number: key, line, after: before, most: SPOKEN_TO, now: at }),
          database.run('use.favourites', { most: FAVOURITES, now: at }),
          database.run('use.lastTransferred', { most: LAST_TRANSFERRED, now: at }),
        ]);
        ports.shown([...spokenTo, ...favourites, ...lastTransferred].map(({ person }) => person.id));
        const dressed = (list: typeof favourites) => list.map((one) => ({ ...one, person: dress(one.person) }));
        return ok({
          spokenTo: dressed(spokenTo),
          favourites: dressed(favourites),
          lastTransferred: dressed(lastTransferred),
        });
      },
      async 'directory.alternatives'({ personId }) {
        const found = await database.run('people.colleagues', { id: personId, now: now() });
        if (!found) return fail('not-found', 'Nobody in the directory has this id.');
        const offered = alternativesTo(found.person, found.others.map(dress), ALTERNATIVES);
        ports.shown(offered.map(({ person }) => person.id));
        return ok(offered);
      },
      async 'directory.report'(report) {
        const { reports } = ports;
        if (!reports) return fail('not-configured', 'The settings name nobody who takes reports (directory.reports).');
        const person = await find(report.personId);
        if (!person.ok) return person;
        ports.log.info('directory.reported', { person: report.personId, about: report.kind, by: reports.by });
        if (reports.by === 'mail') return ok({ by: 'mail', href: reportMail(report, person.value, reports.address) });
        const note = await ports.submit(reportNote(report, person.value, reports.queue));
        return note.ok ? ok({ by: 'crm', note: note.value }) : note;
      },
      async 'directory.profile'() {
        const person = await ownEntry();
        if (!person)
          return fail('not-found', 'Which entry is the agent’s own cannot be told (agent.directoryId, agent.email).');
        const own = dress(person);
        ports.shown([own.id]);
        return ok({ person: own, missing: missingOf(own, ports.calendars) });
      },
      async 'directory.messages'() {
        return ok(ports.messages.map(({ id, name, kind }) => ({ id, name, kind })));
      },
      async 'directory.message'({ templateId, personId, number, name }) {
        const template = ports.messages.find(({ id }) => id === templateId);
        if (!template) return fail('not-found', 'The settings have no such message (directory.messages).');
        const person = await find(personId);
        if (!person.ok) return person;
        const filling = { caller: name ?? '', number: number ?? '', agent: ports.agent.name, person: person.value.name };
        return messageLink(template, person.value, filling);
      },
    },
    async close() {
      cancelPurge?.();
      await purging;
    },
  };
}
