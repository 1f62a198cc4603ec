/** What the demo's CRM holds: users, tickets and their transactions, in memory and in one file. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { DemoContact } from './contacts.ts';

const user = z.object({
  id: z.int(),
  Name: z.string(),
  RealName: z.string(),
  EmailAddress: z.string(),
  WorkPhone: z.string(),
  MobilePhone: z.string(),
  HomePhone: z.string(),
  Address1: z.string(),
  Zip: z.string(),
  City: z.string(),
});
const transaction = z.object({
  id: z.int(),
  type: z.enum(['Create', 'Comment', 'CustomField']),
  /** A comment's subject. */
  data: z.string(),
  content: z.string(),
  creator: z.int(),
  at: z.string(),
});
const ticket = z.object({
  id: z.int(),
  subject: z.string(),
  status: z.string(),
  queue: z.string(),
  owner: z.int().nullable(),
  requestors: z.array(z.int()),
  fields: z.record(z.string(), z.array(z.string())),
  created: z.string(),
  updated: z.string(),
  transactions: z.array(transaction),
});
const world = z.object({ next: z.int(), nextTransaction: z.int(), users: z.array(user), tickets: z.array(ticket) });

export type User = z.infer<typeof user>;
export type Ticket = z.infer<typeof ticket>;
export type Transaction = z.infer<typeof transaction>;
type World = z.infer<typeof world>;

export interface Names {
  readonly queue: string;
  readonly tagField: string;
  readonly clientIdField: string;
}

export interface CrmStore {
  readonly world: World;
  /** The user that the token belongs to. */
  readonly agent: User;
  addUser(fields: Partial<Omit<User, 'id'>> & { Name: string }): User;
  addTicket(input: {
    subject: string;
    requestors: number[];
    content: string;
    fields: Record<string, string[]>;
    at?: Date;
  }): Ticket;
  addTransaction(to: Ticket, type: Transaction['type'], data: string, content: string, at?: Date): Transaction;
  /** Writes what changed to the file; done when it resolves. */
  save(): Promise<void>;
}

const dayMs = 24 * 60 * 60 * 1000;

/** RT's own resolution. */
const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;

/** Opens the file in `folder`, or begins one with these contacts. */
export function openStore(folder: string, contacts: readonly DemoContact[], agentName: string, names: Names): CrmStore {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'crm.json');
  const known = existsSync(file);
  const state: World = known
    ? world.parse(JSON.parse(readFileSync(file, 'utf8')))
    : { next: 1, nextTransaction: 1, users: [], tickets: [] };

  const addUser: CrmStore['addUser'] = (fields) => {
    const made: User = {
      RealName: '',
      EmailAddress: '',
      WorkPhone: '',
      MobilePhone: '',
      HomePhone: '',
      Address1: '',
      Zip: '',
      City: '',
      ...fields,
      id: 100 + state.users.length,
    };
    state.users.push(made);
    return made;
  };
  const addTransaction: CrmStore['addTransaction'] = (to, type, data, content, at = new Date()) => {
    const made: Transaction = { id: state.nextTransaction++, type, data, content, creator: agent.id, at: stamp(at) };
    to.transactions.push(made);
    to.updated = made.at;
    return made;
  };
  const addTicket: CrmStore['addTicket'] = ({ subject, requestors, content, fields, at = new Date() }) => {
    const made: Ticket = {
      id: state.next++,
      subject,
      status: 'new',
      queue: names.queue,
      owner: null,
      requestors,
      fields: { [names.tagField]: [], [names.clientIdField]: [], ...fields },
      created: stamp(at),
      updated: stamp(at),
      transactions: [],
    };
    state.tickets.push(made);
    addTransaction(made, 'Create', subject, content, at);
    return made;
  };

  const agent = state.users.find((one) => one.Name === 'agent') ?? addUser({ Name: 'agent', RealName: agentName });
  if (!known) {
    const owners = new Map<string, number>([['agent', agent.id]]);
    const ownerOf = (name: string) => {
      const id = owners.get(name) ?? addUser({ Name: name.toLowerCase().replaceAll(' ', '.'), RealName: name }).id;
      owners.set(name, id);
      return id;
    };
    for (const contact of contacts) {
      const made = addUser({
        Name: contact.email,
        RealName: contact.name,
        EmailAddress: contact.email,
        WorkPhone: contact.workPhone,
        MobilePhone: contact.mobilePhone,
        Address1: contact.address,
        Zip: contact.zip,
        City: contact.city,
      });
      for (const one of contact.cases) {
        const at = new Date(Date.now() - one.daysAgo * dayMs);
        const stored = addTicket({
          subject: one.subject,
          requestors: [made.id],
          content: one.subject,
          fields: { [names.tagField]: [...one.tags] },
          at,
        });
        stored.status = one.status;
        stored.owner = one.owner === null ? null : ownerOf(one.owner);
      }
    }
  }

  let saving: Promise<void> = Promise.resolve();
  return {
    world: state,
    agent,
    addUser,
    addTicket,
    addTransaction,
    save() {
      saving = saving.catch(() => undefined).then(() => writeFileAtomic(file, JSON.stringify(state)));
      return saving;
    },
  };
}
