/** The demo's CRM: a small server that speaks as Request Tracker does, so that the app talks to it with its real adapter. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { createApi } from './api.ts';
import { callers, generateContacts, type DemoContact } from './contacts.ts';
import { openStore, type CrmStore, type Names } from './store.ts';

export { callers, generateContacts, type DemoCase, type DemoContact } from './contacts.ts';

export interface DemoCrmOptions {
  /** 127.0.0.1; default: a free one. */
  readonly port?: number;
  /** Where its one file is. */
  readonly folder: string;
  /** The same seed gives the same contacts. Only used when the folder has no file yet. */
  readonly seed?: number;
  /** How many contacts beside those who call. Default 300. */
  readonly others?: number;
  readonly agentName?: string;
  /** Default: a random one. */
  readonly token?: string;
}

/** What was written into a ticket, for showing and for tests. */
export interface WrittenTicket {
  readonly id: string;
  readonly subject: string;
  readonly status: string;
  readonly requestors: readonly string[];
  readonly tags: readonly string[];
  readonly clientId: string;
  readonly firstText: string;
  readonly comments: readonly { readonly subject: string; readonly content: string }[];
}

export interface DemoCrm {
  /** What the settings name: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** What the settings name beside it. */
  readonly names: Names;
  /** Those who call; the first are the ones of the first calls. */
  readonly contacts: readonly DemoContact[];
  /** Every ticket that has a comment or was made over the API, newest first. */
  written(): WrittenTicket[];
  ticket(id: string): WrittenTicket | null;
  /** What it holds, for tests to put more into. */
  readonly store: CrmStore;
  stop(): Promise<void>;
}

const names: Names = { queue: 'Kontaktsenter', tagField: 'Merkelapper', clientIdField: 'KlientId' };
const largestBody = 1_000_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > largestBody) throw new Error('too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): unknown {
  return text === '' ? {} : (JSON.parse(text) as unknown);
}

/** Starts it on loopback. Everything it stores is in its folder. */
export async function startDemoCrm(options: DemoCrmOptions): Promise<DemoCrm> {
  const contacts = [...callers, ...generateContacts(options.seed ?? 1, options.others ?? 300)];
  const store = openStore(options.folder, contacts, options.agentName ?? 'Kundebehandler', names);
  const api = createApi(store, names);
  const token = options.token ?? `1-1-${randomBytes(16).toString('hex')}`;

  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      response.writeHead(status, { 'Content-Type': 'application/json; charset="utf-8"', ...headers });
      response.end(JSON.stringify(body));
    };
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const text = await readBody(request);
      if (request.headers.authorization !== `token ${token}`) return answer(401, { message: 'Unauthorized' });
      const path = /^\/REST\/2\.0\/(.*?)\/?$/.exec(url.pathname)?.[1];
      if (path === undefined) return answer(404, { message: 'Not Found' });
      const { status, body, headers } = await api({
        method: request.method ?? 'GET',
        path,
        query: url.searchParams,
        ifMatch: request.headers['if-match'] ?? null,
        body: parse(text),
      });
      return answer(status, body, headers);
    })().catch(() => {
      if (!response.headersSent) answer(400, { message: 'Bad Request' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  await store.save();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const show = (ticket: (typeof store.world.tickets)[number]): WrittenTicket => ({
    id: String(ticket.id),
    subject: ticket.subject,
    status: ticket.status,
    requestors: ticket.requestors.map((id) => store.world.users.find((user) => user.id === id)?.RealName ?? ''),
    tags: ticket.fields[names.tagField] ?? [],
    clientId: ticket.fields[names.clientIdField]?.[0] ?? '',
    firstText: ticket.transactions.find((one) => one.type === 'Create')?.content ?? '',
    comments: ticket.transactions
      .filter((one) => one.type === 'Comment')
      .map((one) => ({ subject: one.data.trim(), content: one.content })),
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    token,
    names,
    contacts,
    store,
    written: () =>
      store.world.tickets
        .map(show)
        .filter((ticket) => ticket.comments.length > 0 || ticket.clientId !== '')
        .toReversed(),
    ticket(id) {
      const found = store.world.tickets.find((ticket) => String(ticket.id) === id);
      return found ? show(found) : null;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await store.save();
    },
  };
}
