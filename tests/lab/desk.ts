/** The agent's case and note services on a real database and the real adapter, as the composition root puts them together. */
import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '../../main/db/client.ts';
import { createCases } from '../../main/services/cases/index.ts';
import { createNotes, recoverOutbox, type Notes } from '../../main/services/notes/index.ts';
import { systemClock, systemRandom } from '../../main/services/system.ts';
import type { Feature } from '../../main/services/router.ts';
import type { SenderTimings } from '../../main/services/outbox/index.ts';
import type { EventData, EventName, Note, NoteSubmission, OutboxStatus, Pop, Result } from '#contract';
import { adapterFor, silentLog, type AdapterOptions } from './crm-world.ts';
import { scratch } from './process.ts';

const key = '0123456789abcdef'.repeat(4);
const worker = new URL('../../main/db/worker.ts', import.meta.url);

type Heard = { [N in EventName]: { readonly name: N; readonly data: EventData<N> } }[EventName];

export interface Desk {
  readonly folder: string;
  readonly database: OpenDatabase;
  readonly notes: Notes;
  readonly cases: Feature<'pop.open' | 'cases.mine' | 'contact.get'>;
  /** How many notes only the sealed journal had. */
  readonly recovered: number;
  submit(note: Partial<NoteSubmission> & Pick<NoteSubmission, 'target'>): Promise<Note>;
  status(): Promise<OutboxStatus>;
  /** Waits for an outbox that is as wanted; looks at it as it is, then at every change. */
  outbox(wanted: (status: OutboxStatus) => boolean, what: string): Promise<OutboxStatus>;
  /** Waits until the outbox is empty. */
  sent(): Promise<OutboxStatus>;
  open(callId: string, number: string | null): Promise<Pop>;
  /** The next pop.updated of this call, from when it is asked for. */
  updated(callId: string): Promise<Pop>;
  close(): Promise<void>;
}

export interface DeskOptions extends AdapterOptions {
  readonly folder?: string;
  readonly timings?: Partial<SenderTimings>;
}

/** Short waits, so that a test of an outage takes seconds. */
export const quick: SenderTimings = { baseMs: 50, capMs: 500, parallel: 3, settleMs: 300 };
const waitMs = 60_000;

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export async function startDesk(crm: { url: string; token: string }, options: DeskOptions = {}): Promise<Desk> {
  const { folder = scratch('desk'), timings, ...adapter } = options;
  const database = valueOf(await openDatabase({ folder, key, worker }));
  const recovered = await recoverOutbox(database, systemClock);
  const listeners = new Set<(event: Heard) => void>();
  const emit = <N extends EventName>(name: N, data: EventData<N>) => {
    // The name says which of the events' data it is; the type of one event cannot follow.
    const event = { name, data } as Heard;
    for (const listener of listeners) listener(event);
  };
  const port = adapterFor(crm, adapter);
  const ports = { database, crm: port, clock: systemClock, random: systemRandom, log: silentLog, emit, keepDays: 30 };
  const notes = createNotes({ ...ports, timings: { ...quick, ...timings } });
  const cases = createCases({ ...ports, country: 'NO', onAnswer: () => notes.wake() });

  const status = async () => valueOf(await notes.handlers['outbox.status'](null));

  function heard<T>(pick: (event: Heard) => T | null, what: string, first?: () => Promise<T | null>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        listeners.delete(listen);
      };
      const listen = (event: Heard) => {
        const picked = pick(event);
        if (picked === null) return;
        end();
        resolve(picked);
      };
      const timer = setTimeout(() => {
        end();
        void status().then((last) =>
          reject(new Error(`waited ${waitMs} ms for ${what}; the outbox is ${JSON.stringify(last)}`)),
        );
      }, waitMs);
      listeners.add(listen);
      void first?.().then((found) => {
        if (found === null) return;
        end();
        resolve(found);
      }, reject);
    });
  }
  const outbox: Desk['outbox'] = (wanted, what) =>
    heard(
      (event) => (event.name === 'outbox.changed' && wanted(event.data) ? event.data : null),
      what,
      async () => {
        const now = await status();
        return wanted(now) ? now : null;
      },
    );

  return {
    folder,
    database,
    notes,
    cases,
    recovered,
    status,
    outbox,
    sent: () => outbox(({ pending, parked }) => pending === 0 && parked === 0, 'an empty outbox'),
    async submit(note) {
      const full = { id: randomUUID(), callId: randomUUID(), text: '', tags: [], ...note };
      return valueOf(await notes.handlers['notes.submit'](full));
    },
    async open(callId, number) {
      return valueOf(await cases.handlers['pop.open']({ callId, number }));
    },
    updated: (callId) =>
      heard(
        (event) => (event.name === 'pop.updated' && event.data.callId === callId ? event.data : null),
        `pop.updated of ${callId}`,
      ),
    async close() {
      await notes.close();
      await cases.close();
      await database.close();
    },
  };
}
