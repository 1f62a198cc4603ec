/** Request Tracker as somebody else would read it (REST 2.0): the tests' own eyes, sharing nothing with the app's adapter. */
import { z } from 'zod';

const page = z.object({ items: z.array(z.looseObject({ id: z.coerce.string() })) });
const transaction = z.looseObject({ Type: z.string() });
const attachment = z.looseObject({
  Subject: z.string().nullish(),
  ContentType: z.string().nullish(),
  Content: z.string().nullish(),
});
const ticket = z.looseObject({
  id: z.coerce.string(),
  Subject: z.string(),
  Status: z.string(),
  CustomFields: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()) })),
});

export interface RtComment {
  readonly transactionId: string;
  readonly subject: string;
  readonly text: string;
}

export interface RtReader {
  ticket(
    id: string,
  ): Promise<{
    readonly subject: string;
    readonly status: string;
    readonly fields: Readonly<Record<string, readonly string[]>>;
  }>;
  /** The ticket's comments, oldest first. */
  comments(id: string): Promise<RtComment[]>;
  /** Ids of the tickets that a TicketSQL query finds. */
  search(query: string): Promise<string[]>;
}

export function readRequestTracker(url: string, token: string): RtReader {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}/REST/2.0${path}`, { headers: { authorization: `token ${token}` } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    async ticket(id) {
      const found = ticket.parse(await get(`/ticket/${id}`));
      return {
        subject: found.Subject,
        status: found.Status,
        fields: Object.fromEntries(found.CustomFields.map(({ name, values }) => [name, values])),
      };
    },
    async comments(id) {
      const comments: RtComment[] = [];
      const history = page.parse(await get(`/ticket/${id}/history?per_page=100`));
      for (const { id: transactionId } of history.items) {
        const { Type } = transaction.parse(await get(`/transaction/${transactionId}`));
        if (Type !== 'Comment') continue;
        const parts = page.parse(await get(`/transaction/${transactionId}/attachments`));
        const texts = await Promise.all(parts.items.map(async (part) => attachment.parse(await get(`/attachment/${part.id}`))));
        const text = texts.find((part) => part.ContentType?.startsWith('text/plain'));
        comments.push({
          transactionId,
          subject: texts.map((part) => part.Subject ?? '').find((subject) => subject !== '') ?? '',
          text: Buffer.from(text?.Content ?? '', 'base64').toString('utf8'),
        });
      }
      return comments.toSorted((a, b) => Number(a.transactionId) - Number(b.transactionId));
    },
    async search(query) {
      const found = page.parse(await get(`/tickets?query=${encodeURIComponent(query)}&per_page=100`));
      return found.items.map(({ id }) => id);
    },
  };
}
