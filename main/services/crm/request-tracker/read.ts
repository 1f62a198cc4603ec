import type { CaseItem, Contact } from '#contract';
import { nationalDigits, sameNumber, spellings, type NormalisedNumber } from '../../numbers/index.ts';
import { crmFail, crmOk, type CallerRecords, type CrmPort, type CrmResult } from '../port.ts';
import type { Http } from './http.ts';
import {
  caseOf,
  contactOf,
  fieldValues,
  noteSubject,
  numbersOf,
  phoneFields,
  rowFields,
  ticketList,
  transactionList,
  type Member,
  type TicketRow,
} from './wire.ts';

export interface ReadOptions {
  readonly tagField: string;
  readonly clientIdField: string;
  /** What a number without a country code is taken for (ISO 3166). */
  readonly country: string;
}

/** RT's own limit. */
const pageSize = 100;
/** Below this many digits a wildcard search would find half the town. */
const shortestWildcard = 7;

type Reads = Pick<CrmPort, 'findByNumber' | 'findByContact' | 'findMine' | 'findCreated' | 'hasNote'>;

/** A value inside TicketSQL quotes. Only digits, UUIDs and the helpdesk's own field names ever come here. */
function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/**
 * Reading from RT.
 *
 * By number: TicketSQL over the requestors' telephone fields, because RT's user search ignores them (and then answers everyone).
 * People type numbers as they like, so the search is by the digits in their order with anything between (`9%2%2%…`), and what
 * comes back is read as a number and compared. One question a field, side by side: RT makes a join of every comparison, and ten
 * with OR between them take it more than 20 s on seven tickets. Not covered: a user who has the number but never was a requestor
 * of any ticket.
 */
export function createReads(http: Http, options: ReadOptions): Reads {
  const users = (row: TicketRow) => row.Requestor.filter((member) => member.type === 'user');

  async function tickets(query: string): Promise<CrmResult<TicketRow[]>> {
    const page = (sql: string) =>
      http(
        {
          method: 'GET',
          path: 'tickets',
          query: { query: sql, per_page: String(pageSize), orderby: 'LastUpdated', order: 'DESC', ...rowFields },
        },
        ticketList,
      );
    const newest = await page(query);
    if (!newest.ok) return newest;
    const rows = newest.value.body.items;
    if (rows.length < pageSize) return crmOk(rows);
    // More than a page: an old case that is still open must not fall off the end.
    const active = await page(`(${query}) AND Status = '__Active__'`);
    if (!active.ok) return active;
    const known = new Set(rows.map((row) => row.id));
    return crmOk([...rows, ...active.value.body.items.filter((row) => !known.has(row.id))]);
  }

  /** The contacts that `isCaller` names, and the cases of each; a case of two callers is shown with the first. */
  function records(rows: readonly TicketRow[], isCaller: (user: Member) => boolean, known?: readonly string[]): CallerRecords {
    const contacts = new Map<string, Contact>();
    const cases: CaseItem[] = [];
    for (const row of rows) {
      const callers = users(row).filter(isCaller);
      for (const user of callers) {
        const contact = contactOf(user, options.country);
        // Where the token may not see telephone fields, the number asked for is the one thing known.
        contacts.set(user.id, contact.numbers.length === 0 && known ? { ...contact, numbers: [...known] } : contact);
      }
      if (callers[0]) cases.push(caseOf(row, callers[0].id, options.tagField));
    }
    return { contacts: [...contacts.values()], cases };
  }

  /** The tickets of several questions asked side by side, each ticket once. */
  async function ticketsOfAny(queries: readonly string[]): Promise<CrmResult<TicketRow[]>> {
    const rows = new Map<string, TicketRow>();
    for (const found of await Promise.all(queries.map(tickets))) {
      if (!found.ok) return found;
      for (const row of found.value) rows.set(row.id, row);
    }
    return crmOk([...rows.values()]);
  }

  /**
   * RT hides telephone fields from tokens without AdminUsers but searches them all the same. Then the exact spellings are asked
   * for, and who it is follows from tickets with one requestor; only where there is none, all requestors are candidates.
   */
  async function findHidden(number: NormalisedNumber): Promise<CrmResult<CallerRecords>> {
    const rows = new Map<string, TicketRow>();
    const spelt = spellings(number);
    for (let index = 0; index < spelt.length; index += 2) {
      const pair = spelt.slice(index, index + 2);
      const found = await ticketsOfAny(
        phoneFields.map((field) => pair.map((text) => `Requestor.${field} = ${quoted(text)}`).join(' OR ')),
      );
      if (!found.ok) return found;
      for (const row of found.value) rows.set(row.id, row);
    }
    const found = [...rows.values()];
    const alone = new Set(found.flatMap((row) => (users(row).length === 1 ? users(row).map((user) => user.id) : [])));
    const isCaller = (user: Member) => alone.size === 0 || alone.has(user.id);
    return crmOk(records(found, isCaller, [number.e164 ?? number.digits]));
  }

  return {
    async findByNumber(number) {
      const digits = nationalDigits(number);
      if (digits === '') return crmOk({ contacts: [], cases: [] });
      const condition =
        digits.length < shortestWildcard ? `= ${quoted(digits)}` : `LIKE ${quoted(digits.replace(/\d(?=\d)/g, '$&%'))}`;
      const found = await ticketsOfAny(phoneFields.map((field) => `Requestor.${field} ${condition}`));
      if (!found.ok) return found;
      const all = found.value.flatMap(users);
      if (all.length > 0 && all.every((user) => phoneFields.every((field) => user[field] === ''))) return findHidden(number);
      return crmOk(records(found.value, (user) => numbersOf(user, options.country).some((own) => sameNumber(own, number))));
    },

    async findByContact(contactId) {
      if (!/^\d+$/.test(contactId)) return crmFail('rejected', 'A contact of Request Tracker has a numeric id.');
      const found = await tickets(`Requestor.id = ${contactId}`);
      if (!found.ok) return found;
      return crmOk(records(found.value, (user) => user.id === contactId));
    },

    async findMine() {
      const found = await tickets(`Owner = '__CurrentUser__' AND Status = '__Active__'`);
      if (!found.ok) return found;
      return crmOk(found.value.map((row) => caseOf(row, users(row)[0]?.id ?? null, options.tagField)));
    },

    async findCreated(clientId) {
      const found = await tickets(`CF.{${options.clientIdField}} = ${quoted(clientId)}`);
      if (!found.ok) return found;
      // An unknown field is no error to RT; what it answers is held against what was asked.
      const own = found.value.filter((row) => fieldValues(row.CustomFields, options.clientIdField)?.includes(clientId));
      return crmOk(own.map((row) => row.id).toSorted((a, b) => Number(a) - Number(b))[0] ?? null);
    },

    async hasNote(caseId, clientId) {
      const subject = noteSubject(clientId);
      const query = [
        { field: 'Type', value: 'Comment' },
        { field: 'Data', operator: 'LIKE', value: subject },
      ];
      // The ticket's own history follows a merge, a search by ticket number would not.
      const found = await http(
        {
          method: 'GET',
          path: `ticket/${encodeURIComponent(caseId)}/history`,
          query: { query: JSON.stringify(query), fields: 'Type,Data', per_page: String(pageSize) },
        },
        transactionList,
      );
      if (!found.ok) return found;
      return crmOk(found.value.body.items.some((item) => item.Type === 'Comment' && item.Data.trim() === subject));
    },
  };
}
