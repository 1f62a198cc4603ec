import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fail, ok } from '#contract';
import type { Database } from '../../main/db/client.ts';
import { migrate } from '../../main/db/migrations/index.ts';
import { queries, type Query } from '../../main/db/queries/index.ts';
import type { SourcePerson } from '../../main/db/queries/people.ts';
import type { Delta, DirectorySource, TakePeople } from '../../main/services/directory/source.ts';
import { refresh } from '../../main/services/directory/sync.ts';

// Whatever happens to the server, the network, the disk and this program, in whatever order: nobody is lost or invented on the way, and in
// the end the copy equals the server's.

/** So few that a deletion is never implausible, so many that an empty answer is. */
const LEAST = 15;
const MOST = 25;

function person(id: number, version: number): SourcePerson {
  return {
    id: `p${id}`,
    reference: `uid=p${id}`,
    name: `Kari Nr${id}`,
    givenName: 'Kari',
    familyName: `Nr${id}`,
    title: `tittel ${version}`,
    unit: '',
    agency: '',
    keywords: [],
    workplace: '',
    email: null,
    numbers: [],
    nicknames: [],
    deputy: null,
    alternativeNumber: null,
    manager: null,
    openingHours: null,
    switchboardNote: null,
    absence: null,
  };
}

/** A directory server that remembers its changes for as long as it likes. */
class Server {
  readonly people = new Map<string, SourcePerson>();
  /** Who was changed or deleted at which version. */
  readonly log: { version: number; id: string }[] = [];
  /** Every state that somebody ever had. */
  readonly ever = new Set<string>();
  version = 0;
  #forgotten = 0;

  constructor() {
    for (let id = 0; id < 20; id++) this.put(id);
  }

  put(id: number): void {
    if (!this.people.has(`p${id}`) && this.people.size >= MOST) return;
    const next = person(id, ++this.version);
    this.people.set(next.id, next);
    this.ever.add(JSON.stringify([next.id, next.title]));
    this.log.push({ version: this.version, id: next.id });
  }

  remove(id: number): void {
    if (this.people.size <= LEAST || !this.people.delete(`p${id}`)) return;
    this.log.push({ version: ++this.version, id: `p${id}` });
  }

  forget(): void {
    this.#forgotten = this.version;
  }

  /** Ids that something happened to since; null: it does not know any more. */
  since(version: number): string[] | null {
    if (version < this.#forgotten) return null;
    return [...new Set(this.log.filter((one) => one.version > version).map(({ id }) => id))];
  }
}

/** What goes wrong in one refresh. */
interface Faults {
  /** Where the connection is lost: after so many batches; null: nowhere. */
  readonly lostAfter: number | null;
  /** Which of the queries fails or, with `crash`, is the program's last; null: none. */
  readonly brokenQuery: number | null;
  readonly crash: boolean;
  /** What the server does while it is read, batch by batch. */
  readonly meanwhile: readonly Change[];
  /** By a list of who is there instead of who is gone. */
  readonly lists: boolean;
}

type Change =
  | { readonly what: 'put'; readonly id: number }
  | { readonly what: 'remove'; readonly id: number }
  | { readonly what: 'forget' };
type Step = Change | { readonly what: 'refresh'; readonly faults: Faults };

const well: Faults = { lostAfter: null, brokenQuery: null, crash: false, meanwhile: [], lists: false };

function change(server: Server, step: Change): void {
  if (step.what === 'put') server.put(step.id);
  else if (step.what === 'remove') server.remove(step.id);
  else server.forget();
}

function sourceOf(server: Server, faults: Faults): DirectorySource {
  const lost = fail('unreachable', 'the connection was lost');

  /** Delivers those of `ids` who are still there, a few at a time; false: the connection is lost on the way. */
  async function deliver(ids: readonly string[], take: TakePeople): Promise<boolean> {
    const meanwhile = [...faults.meanwhile];
    for (let at = 0, batch = 0; at < ids.length; at += 4, batch++) {
      if (faults.lostAfter === batch) return false;
      const some = ids.slice(at, at + 4).flatMap((id) => server.people.get(id) ?? []);
      if (some.length > 0) await take(some);
      const next = meanwhile.shift();
      if (next) change(server, next);
    }
    return faults.lostAfter === null;
  }

  return {
    identity: 'model',
    async fullLoad(take) {
      const cursor = String(server.version);
      return (await deliver([...server.people.keys()], take)) ? ok({ cursor }) : lost;
    },
    async delta(cursor, take) {
      const { version } = server;
      const ids = server.since(Number(cursor));
      if (ids === null) return ok<Delta>({ kind: 'reload' });
      if (ids.length === 0) return ok<Delta>({ kind: 'unchanged' });
      if (!(await deliver(ids, take))) return lost;
      const present = faults.lists ? [...server.people.keys()] : null;
      const removed = faults.lists ? [] : ids.filter((id) => !server.people.has(id));
      return ok<Delta>({ kind: 'changed', cursor: String(version), removed, present });
    },
  };
}

/** The program: its database outlives it, what it has in memory does not. */
class Program {
  file: Sqlite.Database;

  constructor() {
    this.file = new Sqlite(':memory:');
    migrate(this.file);
  }

  async refresh(server: Server, faults: Faults): Promise<boolean> {
    let count = 0;
    let dead = false;
    const database: Database = {
      run: async (name, input) => {
        if (dead || count++ === faults.brokenQuery) {
          dead ||= faults.crash;
          throw new Error(dead ? 'the program is gone' : 'the disk is full');
        }
        return (queries[name] as Query<unknown, never>)(this.file, input);
      },
    };
    const clock = { now: () => new Date(), after: () => () => undefined };
    const log = { info() {}, warn() {}, error() {} };
    const source = sourceOf(server, faults);
    const done = await refresh({ database, source, clock, log, writeRows: 3 }, new AbortController().signal, () => undefined);
    if (dead) {
      const left = this.file.serialize();
      this.file.close();
      this.file = new Sqlite(left);
    }
    return done.ok;
  }

  /** Id → title of everybody in the copy, by its rows; what a search finds is compared with that. */
  people(): Map<string, string> {
    const { missing } = queries['people.missing'](this.file, { ids: [] });
    const now = new Date().toISOString();
    const rows = missing.map((id): [string, string] => [id, queries['people.get'](this.file, { id, now })?.title ?? '']);
    const found = queries['people.search'](this.file, { query: 'kari', limit: 100, now });
    expect(new Map(found.hits.map((hit) => [hit.person.id, hit.person.title]))).toEqual(new Map(rows));
    return new Map(rows);
  }
}

const id = fc.nat({ max: 30 });
const aChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: id.map((n): Change => ({ what: 'put', id: n })) },
  { weight: 3, arbitrary: id.map((n): Change => ({ what: 'remove', id: n })) },
  { weight: 1, arbitrary: fc.constant<Change>({ what: 'forget' }) },
);
const faults: fc.Arbitrary<Faults> = fc.record({
  lostAfter: fc.option(fc.nat({ max: 6 }), { freq: 2 }),
  brokenQuery: fc.option(fc.nat({ max: 12 }), { freq: 2 }),
  crash: fc.boolean(),
  meanwhile: fc.array(aChange, { maxLength: 5 }),
  lists: fc.boolean(),
});
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: aChange },
  { weight: 2, arbitrary: faults.map((given): Step => ({ what: 'refresh', faults: given })) },
);

test('any order of changes, faults, crashes and retries ends with a copy equal to the server', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 40 }), async (steps) => {
      const server = new Server();
      const program = new Program();
      try {
        /** Who was there at the last refresh that went well, and has not been deleted since. */
        let certain = new Set<string>();
        for (const step of steps) {
          const before = server.log.length;
          if (step.what !== 'refresh') change(server, step);
          else if ((await program.refresh(server, step.faults)) && step.faults.meanwhile.length === 0)
            certain = new Set(server.people.keys());
          for (const { id: touched } of server.log.slice(before)) if (!server.people.has(touched)) certain.delete(touched);
          if (step.what !== 'refresh') continue;
          const copy = program.people();
          for (const who of certain) expect(copy.has(who), `${who} is lost`).toBe(true);
          for (const facts of copy) expect(server.ever.has(JSON.stringify(facts)), `${facts.join()} is invented`).toBe(true);
        }
        expect(await program.refresh(server, well)).toBe(true);
        expect(program.people()).toEqual(new Map([...server.people.values()].map((one) => [one.id, one.title])));
      } finally {
        program.file.close();
      }
    }),
    { numRuns: 200 },
  );
});
