/** The subset of RT 5's REST 2.0 that Samband's adapter uses, with RT's own answers, codes and oddities. */
import { z } from 'zod';
import { holds, parseQuery } from './query.ts';
import type { CrmStore, Names, Ticket, User } from './store.ts';

export interface ApiRequest {
  readonly method: string;
  /** Below /REST/2.0/, without a slash at either end. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ifMatch: string | null;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const fields = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const newTicket = z.object({
  Queue: z.string(),
  Subject: z.string().optional(),
  Requestor: z.union([z.string(), z.array(z.string())]).optional(),
  Content: z.string().optional(),
  CustomFields: fields.optional(),
});
const newComment = z.object({ Subject: z.string().optional(), Content: z.string(), ContentType: z.string() });
const change = z.object({ CustomFields: fields.optional() });
const filters = z.array(
  z.object({ field: z.string(), operator: z.string().optional(), value: z.union([z.string(), z.number()]) }),
);

const active = new Set(['new', 'open', 'stalled']);
const said = (status: number, message: string): ApiAnswer => ({ status, body: { message } });
const list = (value: string | string[] | undefined) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

const etagOf = (ticket: Ticket) => `"${ticket.transactions.at(-1)?.id ?? 0}"`;

export function createApi(store: CrmStore, names: Names): (request: ApiRequest) => Promise<ApiAnswer> {
  const { world } = store;
  const userOf = (id: number): User | undefined => world.users.find((one) => one.id === id);
  const customFields = (ticket: Ticket) =>
    Object.entries(ticket.fields).map(([name, values], index) => ({
      id: String(index + 1),
      type: 'customfield',
      name,
      values,
    }));

  /** The values of a TicketSQL field. */
  const valuesOf =
    (ticket: Ticket) =>
    (field: string): readonly string[] => {
      const custom = /^CF\.\{(.*)\}$/.exec(field)?.[1];
      if (custom !== undefined) return ticket.fields[custom] ?? [];
      if (field === 'id') return [String(ticket.id)];
      if (field === 'Subject') return [ticket.subject];
      if (field === 'Status') return [ticket.status, ...(active.has(ticket.status) ? ['__Active__'] : ['__Inactive__'])];
      if (field === 'Owner') return ticket.owner === store.agent.id ? ['__CurrentUser__', store.agent.Name] : ['Nobody'];
      const part = /^Requestor\.(\w+)$/.exec(field)?.[1];
      if (part === undefined) return [];
      return ticket.requestors.flatMap((id) => {
        const user = userOf(id);
        return user ? Object.entries(user).flatMap(([name, value]) => (name === part ? [String(value)] : [])) : [];
      });
    };

  const person = (user: User | undefined) =>
    user ? { type: 'user', ...user } : { type: 'user', id: 'Nobody', Name: 'Nobody', RealName: 'Nobody in particular' };
  const row = (ticket: Ticket) => ({
    type: 'ticket',
    id: String(ticket.id),
    Subject: ticket.subject,
    Status: ticket.status,
    Created: ticket.created,
    LastUpdated: ticket.updated,
    Queue: { type: 'queue', id: '1', Name: ticket.queue },
    Owner: person(ticket.owner === null ? undefined : userOf(ticket.owner)),
    Requestor: ticket.requestors.map((id) => person(userOf(id))),
    CustomFields: customFields(ticket),
  });
  const page = (items: unknown[], query: URLSearchParams) => {
    const perPage = Math.min(Number(query.get('per_page') ?? 20) || 20, 100);
    const shown = items.slice(0, perPage);
    return { page: 1, per_page: perPage, count: shown.length, total: items.length, items: shown };
  };

  function searchTickets(query: URLSearchParams): ApiAnswer {
    let condition;
    try {
      condition = parseQuery(query.get('query') ?? '');
    } catch (error) {
      return said(400, error instanceof Error ? error.message : String(error));
    }
    const found = world.tickets.filter((ticket) => holds(condition, valuesOf(ticket)));
    if (query.get('orderby') === 'LastUpdated') {
      const turn = query.get('order') === 'DESC' ? -1 : 1;
      found.sort((a, b) => turn * (a.updated < b.updated ? -1 : a.updated > b.updated ? 1 : a.id - b.id));
    }
    return { status: 200, body: page(found.map(row), query) };
  }

  /** RT takes digits for a principal's id, and otherwise looks for a name or an e-mail address. */
  function requestorsOf(value: string | string[] | undefined): number[] {
    return list(value).flatMap((text) => {
      const user = world.users.find((one) => String(one.id) === text || one.Name === text || one.EmailAddress === text);
      if (user) return [user.id];
      return text.includes('@') ? [store.addUser({ Name: text, EmailAddress: text }).id] : [];
    });
  }

  async function createTicket(body: unknown): Promise<ApiAnswer> {
    const input = newTicket.safeParse(body);
    if (!input.success) return said(400, 'Could not create ticket. Queue not set');
    const { Queue, Subject = '', Requestor, Content = '', CustomFields = {} } = input.data;
    if (Queue !== names.queue) return said(403, `No permission to create tickets in the queue '${Queue}'`);
    const kept: Record<string, string[]> = {};
    for (const [name, value] of Object.entries(CustomFields)) {
      if (name !== names.tagField && name !== names.clientIdField) continue;
      const values = [...new Set(list(value))];
      // A field of unique values: RT makes the ticket all the same, without it.
      const taken =
        name === names.clientIdField && world.tickets.some((one) => values.some((text) => one.fields[name]?.includes(text)));
      kept[name] = taken ? [] : values;
    }
    const made = store.addTicket({ subject: Subject, requestors: requestorsOf(Requestor), content: Content, fields: kept });
    await store.save();
    return { status: 201, body: { type: 'ticket', id: String(made.id) }, headers: { Location: `/REST/2.0/ticket/${made.id}` } };
  }

  async function changeTicket(ticket: Ticket, ifMatch: string | null, body: unknown): Promise<ApiAnswer> {
    if (ifMatch !== null && ifMatch !== '*' && ifMatch !== etagOf(ticket)) return said(412, 'Precondition Failed');
    const input = change.safeParse(body);
    if (!input.success) return said(400, 'Bad Request');
    const messages: string[] = [];
    for (const [name, value] of Object.entries(input.data.CustomFields ?? {})) {
      const before = ticket.fields[name];
      // An unknown field is ignored without a word.
      if (!before) continue;
      const after = list(value);
      for (const one of after.filter((text) => !before.includes(text))) messages.push(`${one} added as a value for ${name}`);
      for (const one of before.filter((text) => !after.includes(text)))
        messages.push(`${one} is no longer a value for custom field ${name}`);
      ticket.fields[name] = after;
    }
    for (const message of messages) store.addTransaction(ticket, 'CustomField', message, '');
    if (messages.length > 0) await store.save();
    return { status: 200, body: messages };
  }

  async function comment(ticket: Ticket | undefined, body: unknown): Promise<ApiAnswer> {
    const input = newComment.safeParse(body);
    if (!input.success) return said(400, 'ContentType is a required field for application/json');
    // RT's own words for a ticket that is not there.
    if (!ticket) return said(400, 'Permission Denied');
    const made = store.addTransaction(ticket, 'Comment', `${input.data.Subject ?? 'No Subject'}\n`, input.data.Content);
    await store.save();
    return { status: 201, body: ['Comments added'], headers: { Location: `/REST/2.0/transaction/${made.id}` } };
  }

  function history(ticket: Ticket | undefined, query: URLSearchParams): ApiAnswer {
    const wanted = filters.safeParse(JSON.parse(query.get('query') ?? '[]'));
    if (!wanted.success) return said(400, 'Bad Request');
    const items = (ticket?.transactions ?? [])
      .map((one) => ({ type: 'transaction', id: String(one.id), Type: one.type, Data: one.data }))
      .filter((item) =>
        wanted.data.every(({ field, operator, value }) => {
          const own = field === 'Data' ? item.Data : field === 'Type' ? item.Type : null;
          if (own === null) return true;
          return operator === 'LIKE' ? own.includes(String(value)) : own === String(value);
        }),
      );
    return { status: 200, body: page(items, query) };
  }

  return async ({ method, path, query, ifMatch, body }) => {
    const [, id, rest] = /^ticket\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (method === 'GET' && path === 'rt') return { status: 200, body: { Version: 'demo' } };
    if (method === 'GET' && path === 'tickets') return searchTickets(query);
    if (method === 'POST' && path === 'ticket') return createTicket(body);
    if (id === undefined) return said(404, 'Not Found');
    const ticket = world.tickets.find((one) => one.id === Number(id));
    if (method === 'POST' && rest === 'comment') return comment(ticket, body);
    if (method === 'GET' && rest === 'history') return history(ticket, query);
    if (!ticket || rest !== undefined) return said(404, 'Not Found');
    if (method === 'GET') return { status: 200, body: { ...row(ticket), id: ticket.id }, headers: { ETag: etagOf(ticket) } };
    if (method === 'PUT') return changeTicket(ticket, ifMatch, body);
    return said(405, 'Method Not Allowed');
  };
}
