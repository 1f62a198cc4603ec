/** A clock that moves when told, a CRM in memory whose answers can be spoilt, and an outbox in memory: for speed and fault injection. */
import type { Note, NoteSubmission } from '#contract';
import type { Database } from '../../main/db/client.ts';
import type { CrmFault, CrmPort, CrmResult } from '../../main/services/crm/index.ts';
import { crmFail, crmOk } from '../../main/services/crm/index.ts';
import type { Clock } from '../../main/services/ports.ts';
import Sqlite from 'better-sqlite3';
import { attachOutboxExport, type OutboxExport } from '../../main/db/outbox-export.ts';
import { migrate } from '../../main/db/migrations/index.ts';
import { queries, type Query } from '../../main/db/queries/index.ts';

export interface ManualClock extends Clock {
  /** Moves time and lets everything that this sets off come to rest. */
  advance(milliseconds: number): Promise<void>;
  /** Milliseconds until the next timer; null: none. */
  next(): number | null;
}

/** Lets everything that is ready happen. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function manualClock(): ManualClock {
  let time = Date.parse('2026-11-22T10:00:00.000Z');
  const timers = new Set<{ at: number; action: () => void }>();
  const first = () => [...timers].toSorted((a, b) => a.at - b.at)[0];
  return {
    now: () => new Date(time),
    after(milliseconds, action) {
      const timer = { at: time + milliseconds, action };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    next: () => {
      const timer = first();
      return timer ? timer.at - time : null;
    },
    async advance(milliseconds) {
      const until = time + milliseconds;
      for (let timer = first(); timer && timer.at <= until; timer = first()) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.action();
        await rest();
      }
      time = until;
      await rest();
    },
  };
}

export interface MemoryOutbox extends Database {
  readonly sqlite: Sqlite.Database;
  readonly journal: Map<string, unknown>;
}

/** The real queries on a database in memory, in this thread. */
export function memoryDatabase(): MemoryOutbox {
  const sqlite = new Sqlite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite);
  const journal = new Map<string, unknown>();
  const outboxExport: OutboxExport = {
    unreadable: 0,
    entries: () => [...journal].map(([id, value]) => ({ id, value })),
    put: (id, value) => void journal.set(id, value),
    remove: (id) => void journal.delete(id),
    replace(entries) {
      journal.clear();
      for (const { id, value } of entries) journal.set(id, value);
    },
    close: () => undefined,
  };
  attachOutboxExport(sqlite, outboxExport);
  return {
    sqlite,
    journal,
    run(name, input) {
      // The table ties the name to its input and output; TypeScript cannot follow that through a union of names.
      const query = queries[name] as unknown as Query<typeof input, never>;
      return Promise.resolve().then(() => query(sqlite, input));
    },
  };
}

type Write = 'create' | 'comment' | 'tags';
type Spoil = 'lost' | CrmFault['code'];

export interface FakeCrm extends CrmPort {
  readonly comments: { caseId: string; clientId: string; text: string }[];
  readonly created: { id: string; clientId: string }[];
  readonly tags: Map<string, Set<string>>;
  /** How many writes were under way at once, at most. */
  readonly most: () => number;
  /** The next write of this kind: `lost` is done and its answer is not seen; a code refuses it. */
  spoil(write: Write, how: Spoil, more?: Partial<CrmFault>): void;
  /** Every call answers this until it is null. */
  down: CrmFault['code'] | null;
  /** Held writes go on when `release` is called. */
  hold(): () => void;
}

export function fakeCrm(): FakeCrm {
  const spoilt: { write: Write; how: Spoil; more: Partial<CrmFault> }[] = [];
  let held: Promise<void> = Promise.resolve();
  let active = 0;
  let most = 0;
  const crm: FakeCrm = {
    comments: [],
    created: [],
    tags: new Map(),
    down: null,
    most: () => most,
    spoil: (kind, how, more = {}) => void spoilt.push({ write: kind, how, more }),
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    findByNumber: async () => crmOk({ contacts: [], cases: [] }),
    findByContact: async () => crmOk({ contacts: [], cases: [] }),
    findMine: async () => crmOk([]),
    findCreated: async (clientId) =>
      crm.down ? crmFail(crm.down, 'down') : crmOk(crm.created.find((one) => one.clientId === clientId)?.id ?? null),
    hasNote: async (caseId, clientId) =>
      crm.down
        ? crmFail(crm.down, 'down')
        : crmOk(crm.comments.some((one) => one.caseId === caseId && one.clientId === clientId)),
    createCase: (input) =>
      write('create', () => {
        const id = String(1000 + crm.created.length);
        crm.created.push({ id, clientId: input.clientId });
        return id;
      }),
    addNote: ({ caseId, clientId, text }) =>
      write('comment', () => {
        crm.comments.push({ caseId, clientId, text });
        return null;
      }),
    changeTags: ({ caseId, add, remove }) =>
      write('tags', () => {
        const tags = crm.tags.get(caseId) ?? new Set();
        for (const tag of add) tags.add(tag);
        for (const tag of remove) tags.delete(tag);
        crm.tags.set(caseId, tags);
        return [...tags];
      }),
  };

  async function write<T>(kind: Write, act: () => T): Promise<CrmResult<T>> {
    active += 1;
    most = Math.max(most, active);
    await held;
    active -= 1;
    if (crm.down) return crmFail(crm.down, 'down');
    const index = spoilt.findIndex((one) => one.write === kind);
    const [spoil] = index < 0 ? [] : spoilt.splice(index, 1);
    if (!spoil) return crmOk(act());
    if (spoil.how !== 'lost') return crmFail(spoil.how, spoil.how, spoil.more);
    act();
    return crmFail('unreachable', 'the answer was lost', { mayHaveArrived: true });
  }
  return crm;
}

let count = 0;

/** A note to a case, or to a new one. */
export function noteFor(caseId: string | null, more: Partial<NoteSubmission> = {}): NoteSubmission {
  count += 1;
  return {
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    callId: `call-${count}`,
    target: caseId === null ? { kind: 'newCase', subject: 'Ny', contactId: null, number: null } : { kind: 'case', caseId },
    text: `notat ${count}`,
    tags: [],
    ...more,
  };
}

export type { Note };
