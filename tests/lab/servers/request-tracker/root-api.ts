/** A second, plain way into Request Tracker, so that what the adapter wrote is read back by other code, as root. */
import { z } from 'zod';

export interface SeedContact {
  readonly name: string;
  /** Where the number is put, as it is to be stored. */
  readonly phone?: string;
  readonly mobile?: string;
  readonly email?: string;
}

export interface SeedTicket {
  readonly subject: string;
  /** Names or e-mail addresses. */
  readonly requestor: string | readonly string[];
  readonly queue?: string;
  readonly status?: string;
  readonly tags?: readonly string[];
  readonly owner?: string;
}

export interface StoredComment {
  readonly id: string;
  readonly subject: string;
  readonly content: string;
  readonly creator: string;
}

export interface RootApi {
  /** Makes a user; answers its name (what a ticket's requestor is given by) and id. */
  seedContact(contact: SeedContact): Promise<{ id: string; name: string }>;
  /** Makes a ticket and answers its id. */
  seedTicket(ticket: SeedTicket): Promise<string>;
  tags(ticket: string): Promise<string[]>;
  setTags(ticket: string, tags: readonly string[]): Promise<void>;
  comments(ticket: string): Promise<StoredComment[]>;
  ticket(
    ticket: string,
  ): Promise<{ subject: string; status: string; queue: string; requestors: string[]; clientId: string; firstText: string }>;
  ticketsBySubject(subject: string): Promise<string[]>;
  request(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>;
}

const made = z.object({ id: z.union([z.string(), z.number()]).transform(String) });
const listed = z.object({ items: z.array(made) });
const field = z.object({ name: z.string(), values: z.array(z.string()) });
const history = z.object({
  items: z.array(
    z.object({ id: z.string(), Type: z.string(), Data: z.string().nullish(), Creator: z.object({ id: z.string() }) }),
  ),
});
const record = z.object({
  Subject: z.string(),
  Status: z.string(),
  Queue: z.object({ id: z.string() }),
  Requestor: z.array(z.object({ id: z.string() })),
  CustomFields: z.array(field),
});

export function createRootApi(url: string): RootApi {
  const authorization = `Basic ${Buffer.from('root:password').toString('base64')}`;

  async function request(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/REST/2.0/${path}`, {
      method,
      headers: { Authorization: authorization, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as unknown;
  }

  const contentOf = async (transaction: string): Promise<string> => {
    const attachments = listed.parse(await request('GET', `transaction/${transaction}/attachments`));
    const parts = await Promise.all(
      attachments.items.map(async ({ id }) =>
        z.object({ Content: z.string().nullish() }).parse(await request('GET', `attachment/${id}`)),
      ),
    );
    return parts.map((part) => (part.Content ? Buffer.from(part.Content, 'base64').toString('utf8') : '')).join('');
  };

  const transactions = async (ticket: string, type: string) =>
    history
      .parse(await request('GET', `ticket/${ticket}/history?fields=Type,Data,Creator&per_page=100`))
      .items.filter((item) => item.Type === type);

  const read = async (ticket: string) => record.parse(await request('GET', `ticket/${ticket}`));
  const values = (fields: z.infer<typeof field>[], name: string) => fields.find((one) => one.name === name)?.values ?? [];

  return {
    request,
    async seedContact(contact) {
      const name = contact.email ?? contact.name.toLowerCase().replaceAll(' ', '.');
      await request('POST', 'user', {
        Name: name,
        RealName: contact.name,
        Privileged: 0,
        ...(contact.email === undefined ? {} : { EmailAddress: contact.email }),
        ...(contact.phone === undefined ? {} : { WorkPhone: contact.phone }),
        ...(contact.mobile === undefined ? {} : { MobilePhone: contact.mobile }),
      });
      const { id } = made.parse(await request('GET', `user/${encodeURIComponent(name)}`));
      return { id, name };
    },
    async seedTicket(ticket) {
      const { id } = made.parse(
        await request('POST', 'ticket', {
          Queue: ticket.queue ?? 'Kontaktsenter',
          Subject: ticket.subject,
          Requestor: ticket.requestor,
          ...(ticket.owner === undefined ? {} : { Owner: ticket.owner }),
          Content: ticket.subject,
          ContentType: 'text/plain',
          CustomFields: { Merkelapper: ticket.tags ?? [] },
        }),
      );
      if (ticket.status) await request('PUT', `ticket/${id}`, { Status: ticket.status });
      return id;
    },
    tags: async (ticket) => values((await read(ticket)).CustomFields, 'Merkelapper'),
    async setTags(ticket, tags) {
      await request('PUT', `ticket/${ticket}`, { CustomFields: { Merkelapper: tags } });
    },
    async comments(ticket) {
      return Promise.all(
        (await transactions(ticket, 'Comment')).map(async (item) => ({
          id: item.id,
          subject: (item.Data ?? '').trim(),
          content: await contentOf(item.id),
          creator: item.Creator.id,
        })),
      );
    },
    async ticket(ticket) {
      const stored = await read(ticket);
      const [first] = await transactions(ticket, 'Create');
      return {
        subject: stored.Subject,
        status: stored.Status,
        queue: stored.Queue.id,
        requestors: stored.Requestor.map((one) => one.id),
        clientId: values(stored.CustomFields, 'KlientId')[0] ?? '',
        firstText: first ? await contentOf(first.id) : '',
      };
    },
    async ticketsBySubject(subject) {
      const query = new URLSearchParams({ query: `Subject = '${subject}'`, per_page: '100' });
      return listed.parse(await request('GET', `tickets?${query}`)).items.map((item) => item.id);
    },
  };
}
