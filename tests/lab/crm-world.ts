/** Request Tracker and the demo's CRM as the same thing to a test: something to seed, and to read back by other means than the adapter. */
import { createRequestTracker, type CrmPort } from '../../main/services/crm/index.ts';
import type { Fetch, Log } from '../../main/services/ports.ts';
import type { RequestTrackerSettings } from '../../main/services/settings/schema.ts';
import { systemClock } from '../../main/services/system.ts';
import { startDemoCrm } from '../../demo/crm/index.ts';
import { scratch } from './process.ts';
import { startRequestTracker, type RequestTracker, type SeedContact, type SeedTicket } from './servers/request-tracker.ts';

export interface CrmWorld {
  readonly url: string;
  readonly token: string;
  /** The name of the token's user, as an owner is given. */
  readonly me: string;
  seedContact(contact: SeedContact): Promise<{ id: string; name: string }>;
  seedTicket(ticket: SeedTicket): Promise<string>;
  tags(ticket: string): Promise<string[]>;
  setTags(ticket: string, tags: readonly string[]): Promise<void>;
  comments(ticket: string): Promise<{ subject: string; content: string }[]>;
  ticket(ticket: string): Promise<{ subject: string; requestors: readonly string[]; clientId: string; firstText: string }>;
  ticketsBySubject(subject: string): Promise<string[]>;
  stop(): Promise<void>;
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function settingsFor(url: string, more: Partial<RequestTrackerSettings> = {}): RequestTrackerSettings {
  return {
    kind: 'request-tracker',
    url,
    queue: 'Kontaktsenter',
    tagField: 'Merkelapper',
    clientIdField: 'KlientId',
    authentication: 'token',
    timeoutMs: 10_000,
    ...more,
  };
}

export interface AdapterOptions extends Partial<RequestTrackerSettings> {
  readonly fetch?: Fetch;
  readonly token?: string | null | (() => Promise<string | null>);
}

/** The real adapter against a world. */
export function adapterFor(world: { url: string; token: string }, options: AdapterOptions = {}): CrmPort {
  const { fetch = globalThis.fetch, token = world.token, ...settings } = options;
  return createRequestTracker({
    settings: settingsFor(world.url, settings),
    token: typeof token === 'function' ? token : () => Promise.resolve(token),
    fetch,
    clock: systemClock,
    log: silentLog,
  });
}

export function requestTrackerWorld(rt: RequestTracker): CrmWorld {
  const { rootApi } = rt;
  return { ...rootApi, url: rt.url, token: rt.token, me: 'agent1', stop: () => rt.stop() };
}

export async function startRequestTrackerWorld(): Promise<CrmWorld> {
  return requestTrackerWorld(await startRequestTracker());
}

export async function startDemoWorld(): Promise<CrmWorld> {
  const crm = await startDemoCrm({ folder: scratch('demo-crm'), seed: 1, others: 50 });
  const { store } = crm;
  const find = (id: string) => {
    const found = store.world.tickets.find((one) => String(one.id) === id);
    if (!found) throw new Error(`no ticket ${id}`);
    return found;
  };
  return {
    url: crm.url,
    token: crm.token,
    me: store.agent.Name,
    async seedContact(contact) {
      const name = contact.email ?? contact.name.toLowerCase().replaceAll(' ', '.');
      const made = store.addUser({
        Name: name,
        RealName: contact.name,
        EmailAddress: contact.email ?? '',
        WorkPhone: contact.phone ?? '',
        MobilePhone: contact.mobile ?? '',
      });
      return { id: String(made.id), name };
    },
    async seedTicket(ticket) {
      const names = typeof ticket.requestor === 'string' ? [ticket.requestor] : ticket.requestor;
      const made = store.addTicket({
        subject: ticket.subject,
        requestors: names.flatMap((name) => store.world.users.filter((user) => user.Name === name).map((user) => user.id)),
        content: ticket.subject,
        fields: { Merkelapper: [...(ticket.tags ?? [])] },
      });
      made.status = ticket.status ?? 'new';
      made.owner = ticket.owner === undefined ? null : store.agent.id;
      return String(made.id);
    },
    tags: async (id) => find(id).fields.Merkelapper ?? [],
    async setTags(id, tags) {
      const ticket = find(id);
      ticket.fields.Merkelapper = [...tags];
      store.addTransaction(ticket, 'CustomField', 'tags', '');
    },
    comments: async (id) => [...(crm.ticket(id)?.comments ?? [])],
    async ticket(id) {
      const { subject, clientId, firstText } = crm.ticket(id) ?? { subject: '', clientId: '', firstText: '' };
      const requestors = find(id).requestors.map((one) => store.world.users.find((user) => user.id === one)?.Name ?? '');
      return { subject, requestors, clientId, firstText };
    },
    ticketsBySubject: async (subject) =>
      store.world.tickets.filter((one) => one.subject === subject).map((one) => String(one.id)),
    stop: () => crm.stop(),
  };
}
