import { describe, expect, test } from 'vitest';
import { fail, ok, type Notice, type Result } from '#contract';
import { DatabaseError, type OpenDatabase, type OpenReport } from '../../main/db/client.ts';
import { openStore } from '../../main/services/store/index.ts';

const sound: OpenReport = { movedAside: null, damage: null, created: false, unreadableNotes: 0 };
const at = { from: 'a', to: 'b', limit: 1 };
const empty = { calls: 0, transferred: 0, averageWrapUpSeconds: null, recent: [] };
const died = () => Promise.reject(new DatabaseError('gone', '', 'died'));
const damaged = () => Promise.reject(new DatabaseError('damaged', 'SQLITE_CORRUPT', 'malformed'));
const answers = () => Promise.resolve(empty);

/** A store over databases that behave as told, one after another as it opens them. */
async function rig(
  behaviours: readonly (() => Promise<unknown>)[],
  reports: readonly (OpenReport | Result<never>)[] = [],
  /** Openings upon which something is read at once. */
  atOnce: readonly number[] = [],
) {
  let now = 0;
  const seen = { opened: 0, closed: [] as number[], recovered: 0, notices: [] as Notice[] };
  const store = await openStore({
    clock: { now: () => new Date(now), after: () => () => {} },
    log: { info() {}, warn() {}, error() {} },
    onNotice: (notice) => seen.notices.push(notice),
    async onOpened(database) {
      seen.recovered += 1;
      if (atOnce.includes(seen.opened - 1)) await database.run('callLog.between', at);
    },
    async open() {
      const index = seen.opened++;
      const report = reports[index] ?? sound;
      if ('ok' in report) return report;
      const run = behaviours[Math.min(index, behaviours.length - 1)] ?? answers;
      const database: OpenDatabase = {
        report,
        ended: Promise.resolve(null),
        run: run as OpenDatabase['run'],
        close: async () => void seen.closed.push(index),
      };
      return ok(database);
    },
  });
  return { store, seen, pass: (milliseconds: number) => void (now += milliseconds) };
}

async function opened(...options: Parameters<typeof rig>) {
  const { store, ...rest } = await rig(...options);
  if (!store.ok) throw new Error(store.error.message);
  return { store: store.value, ...rest };
}

describe('a database that comes back', () => {
  test('what cannot be opened in the first place is told as it is', async () => {
    const { store } = await rig([], [fail('newer-schema', 'x')]);
    expect(store).toMatchObject({ ok: false, error: { code: 'newer-schema' } });
  });

  test('its worker dies: what was under way rejects, what follows is served by the next one', async () => {
    const { store, seen } = await opened([died, answers]);
    const both = await Promise.allSettled([store.run('callLog.between', at), store.run('callLog.between', at)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await store.run('callLog.between', at)).toEqual(empty);
    expect(seen).toMatchObject({ opened: 2, closed: [0], recovered: 2 });
  });

  test('a read meets damage: it is repeated on the new file, and the user is told', async () => {
    const { store, seen } = await opened([damaged, answers], [sound, { ...sound, movedAside: '/x', damage: 'malformed' }]);
    expect(await store.run('callLog.between', at)).toEqual(empty);
    expect(seen).toMatchObject({ opened: 2, recovered: 2, notices: [{ code: 'database-moved-aside' }] });
  });

  test('damage met right after opening is moved aside before anybody sees it', async () => {
    const { store, seen } = await opened([damaged, answers], [sound, { ...sound, movedAside: '/x', damage: 'malformed' }], [0]);
    expect(seen).toMatchObject({ opened: 2, closed: [0], notices: [{ code: 'database-moved-aside' }] });
    expect(await store.run('callLog.between', at)).toEqual(empty);
  });

  test('a query that merely fails opens nothing', async () => {
    const { store, seen } = await opened([() => Promise.reject(new DatabaseError('failed', 'SQLITE_CONSTRAINT', 'x'))]);
    await expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'failed' });
    expect(seen.opened).toBe(1);
  });

  test('one that dies again and again is given up, until some time has passed', async () => {
    const { store, seen, pass } = await opened([died, died, died, died, died, answers]);
    for (let index = 0; index < 20; index += 1)
      await expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'gone' });
    expect(seen.opened).toBe(5);
    pass(60_001);
    expect(await store.run('callLog.between', at)).toEqual(empty);
  });

  test('one that dies now and then is not', async () => {
    const { store, seen, pass } = await opened([died]);
    for (let index = 0; index < 20; index += 1) {
      await expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'gone' });
      pass(30_000);
    }
    expect(seen.opened).toBe(21);
  });

  test('one that cannot be opened again rejects, with the reason', async () => {
    const none = fail('internal', 'no more handles');
    const { store, seen } = await opened([died, died, died, answers], [sound, none, none]);
    await expect(store.run('callLog.between', at)).rejects.toMatchObject({ message: 'died' });
    await expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'gone', message: 'no more handles' });
    expect(await store.run('callLog.between', at)).toEqual(empty);
    expect(seen.opened).toBe(4);
  });

  test('after close() nothing is opened any more', async () => {
    const { store, seen } = await opened([died]);
    const asked = expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'gone' });
    await Promise.all([asked, store.close(), store.close()]);
    await expect(store.run('callLog.between', at)).rejects.toMatchObject({ kind: 'gone' });
    expect(seen.opened).toBe(1);
  });
});
