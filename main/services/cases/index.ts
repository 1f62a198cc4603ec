import { fail, ok, type Fault, type Freshness, type Pop } from '#contract';
import type { Database } from '../../db/client.ts';
import type { CachedCaller } from '../../db/queries/cases.ts';
import type { CallerRecords, CrmFault, CrmPort, CrmResult } from '../crm/index.ts';
import { isWithheld, normaliseNumber, numberPart, type NormalisedNumber } from '../numbers/index.ts';
import type { Clock, Emit, Log } from '../ports.ts';
import type { Feature } from '../router.ts';

export interface CasesPorts {
  readonly database: Database;
  /** Null: no case system is configured. */
  readonly crm: CrmPort | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: Emit;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
  /** Days after which what nobody had on screen is deleted. */
  readonly keepDays: number;
  /** The CRM has answered: what waits for it may try now. */
  readonly onAnswer?: () => void;
}

type Calls = 'pop.open' | 'cases.mine' | 'contact.get';

const dayMs = 24 * 60 * 60 * 1000;
const purgeEveryMs = 60 * 60 * 1000;
/** Few at once and a pause between, so that no pop waits: at a million cases twenty rows take some 40 ms. */
const purgeAtOnce = 20;
const purgePauseMs = 200;
/** Not while the program starts. */
const firstPurgeMs = 30_000;
/** How long the list of one's own cases waits for the CRM before it is shown as it was. */
const mineWithinMs = 2000;

function faultOf(fault: CrmFault): NonNullable<Freshness['fault']> {
  return fault.code === 'conflict' ? 'internal' : fault.code;
}

function keyOf(number: NormalisedNumber): string {
  return number.e164 ?? number.digits;
}

function cause(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The pop of what the cache holds. Nobody is guessed: more than one contact means candidates. */
function popOf(callId: string, number: string, found: CachedCaller, freshness: Freshness): Pop {
  const shared = found.contacts.length > 1;
  const candidates = found.contacts.map(({ contact, number: matched }) => ({
    contact,
    reason: { kind: shared ? ('shared-number' as const) : ('number' as const), number: matched },
  }));
  const kind = candidates.length === 0 ? 'unknown' : shared ? 'candidates' : 'contact';
  return { callId, number, kind, candidates, cases: [...found.cases], freshness };
}

/** The screen pop, one's own cases, and contacts: from the cache at once, and from the CRM as it answers. */
export function createCases(ports: CasesPorts): Feature<Calls> {
  const { database, crm, clock, log, emit } = ports;
  /** Which question each call is waiting for; a newer one makes the older one's answer void. */
  const asked = new Map<string, symbol>();
  /** One question a number, however many calls come from it. */
  const underWay = new Map<string, Promise<CrmResult<CallerRecords>>>();
  let closed = false;
  let cancelPurge: () => void;

  /** Asks the CRM about a number and stores its answer. */
  function ask(port: CrmPort, number: NormalisedNumber): Promise<CrmResult<CallerRecords>> {
    const key = keyOf(number);
    const known = underWay.get(key);
    if (known) return known;
    const question = (async () => {
      const answer = await port.findByNumber(number);
      if (answer.ok && !closed) {
        const { contacts, cases } = answer.value;
        await database.run('cases.storeCaller', { number: key, contacts, cases, at: clock.now().toISOString() });
        ports.onAnswer?.();
      }
      return answer;
    })().finally(() => underWay.delete(key));
    underWay.set(key, question);
    return question;
  }

  /** Follows a pop that was answered from the cache with what the CRM says. */
  async function refresh(
    port: CrmPort,
    callId: string,
    token: symbol,
    number: NormalisedNumber,
    shown: CachedCaller,
  ): Promise<void> {
    const stale = () => closed || asked.get(callId) !== token;
    try {
      const contactIds = shown.contacts.map(({ contact }) => contact.id);
      const answer = await ask(port, number);
      if (stale()) return;
      const found = await database.run('cases.byNumber', { number: keyOf(number) });
      if (stale()) return;
      if (answer.ok) {
        emit('pop.updated', popOf(callId, keyOf(number), found, { state: 'fresh', asOf: found.asOf, fault: null }));
        return;
      }
      log.warn('pop.refresh-failed', { code: answer.error.code, cause: answer.error.message });
      emit(
        'pop.updated',
        popOf(callId, keyOf(number), found, { state: 'failed', asOf: found.asOf, fault: faultOf(answer.error) }),
      );
      // What the CRM answers is marked as seen where it is stored; what only the cache has, here.
      if (contactIds.length > 0) await database.run('cases.touch', { contactIds, at: clock.now().toISOString() });
    } catch (error) {
      if (stale()) return;
      log.error('pop.refresh-threw', { cause: cause(error) });
      emit('pop.updated', popOf(callId, keyOf(number), shown, { state: 'failed', asOf: shown.asOf, fault: 'internal' }));
    } finally {
      if (asked.get(callId) === token) asked.delete(callId);
    }
  }

  let purged = 0;
  /** One turn of retention; the next follows soon while there is more, and in an hour when there is not. */
  function purge(): void {
    const before = new Date(clock.now().getTime() - ports.keepDays * dayMs).toISOString();
    database
      .run('cases.purge', { before, most: purgeAtOnce })
      .catch((error: unknown) => {
        if (!closed) log.warn('cases.purge-failed', { cause: cause(error) });
        return 0;
      })
      .then((rows) => {
        if (closed) return;
        purged += rows;
        if (rows === 0 && purged > 0) {
          log.info('cases.purged', { rows: purged });
          purged = 0;
        }
        cancelPurge = clock.after(rows === 0 ? purgeEveryMs : purgePauseMs, purge);
      })
      .catch(() => undefined);
  }
  cancelPurge = clock.after(firstPurgeMs, purge);

  /** Whether the CRM has said in this run whose cases are ours: an empty list is then an answer. */
  let mineKnown = false;
  /** Stores one's own cases as the CRM has them; else why it did not say. */
  async function askMine(port: CrmPort): Promise<CrmFault | null> {
    const answer = await port.findMine();
    if (closed) return null;
    if (!answer.ok) {
      log.warn('cases.mine-failed', { code: answer.error.code, cause: answer.error.message });
      return answer.error;
    }
    await database.run('cases.storeMine', { cases: answer.value, at: clock.now().toISOString() });
    mineKnown = true;
    ports.onAnswer?.();
    return null;
  }

  return {
    handlers: {
      async 'pop.open'({ callId, number }) {
        const nothing = { contacts: [], cases: [], asOf: null };
        if (number === null || isWithheld(number)) {
          asked.delete(callId);
          const freshness: Freshness = { state: 'cache', asOf: null, fault: null };
          return ok({ ...popOf(callId, '', nothing, freshness), kind: 'hidden', number: null });
        }
        const normalised = normaliseNumber(number, ports.country);
        if (normalised.digits === '') {
          // A name instead of a number: nobody can be found by it.
          asked.delete(callId);
          return ok(popOf(callId, numberPart(number), nothing, { state: 'cache', asOf: null, fault: null }));
        }
        const token = Symbol(callId);
        asked.set(callId, token);
        const found = await database.run('cases.byNumber', { number: keyOf(normalised) });
        const { asOf } = found;
        if (!crm) return ok(popOf(callId, keyOf(normalised), found, { state: 'failed', asOf, fault: 'not-configured' }));
        // After this answer is on its way, so that the event never overtakes it.
        clock.after(0, () => void refresh(crm, callId, token, normalised, found));
        return ok(popOf(callId, keyOf(normalised), found, { state: 'refreshing', asOf, fault: null }));
      },

      async 'cases.mine'() {
        const late = Promise.withResolvers<Fault>();
        const cancel = clock.after(mineWithinMs, () => late.resolve({ code: 'timeout', message: 'The CRM is slow.' }));
        const question: Promise<Fault | null> = crm
          ? askMine(crm).catch((error: unknown) => {
              log.error('cases.mine-threw', { cause: cause(error) });
              return { code: 'internal', message: cause(error) };
            })
          : Promise.resolve({ code: 'not-configured', message: 'No case system is configured.' });
        const fault = await Promise.race([question, late.promise]);
        cancel();
        const mine = await database.run('cases.mine', null);
        // That there are none is for the CRM to say, and it has not.
        return fault !== null && !mineKnown && mine.length === 0 ? fail(fault.code, fault.message) : ok(mine);
      },

      async 'contact.get'({ id }) {
        const known = await database.run('cases.contact', { id });
        if (known) return ok(known);
        if (!crm) return fail('not-found', 'There is no such contact in the cache, and no case system is configured.');
        const answer = await crm.findByContact(id);
        if (!answer.ok) return fail(answer.error.code, answer.error.message);
        const { contacts, cases } = answer.value;
        await database.run('cases.storeCaller', { number: null, contacts, cases, at: clock.now().toISOString() });
        const found = contacts.find((contact) => contact.id === id);
        return found ? ok(found) : fail('not-found', 'The case system has no such contact.');
      },
    },
    async close() {
      closed = true;
      cancelPurge();
      asked.clear();
    },
  };
}
