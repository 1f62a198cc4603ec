import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createSilent, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { databaseFiles } from '../../main/db/files.ts';
import { startServices } from '../../main/services/compose.ts';
import { createFileSecrets } from '../../main/services/secrets/index.ts';
import { temporaryFolder } from './folders.ts';
import { note, optionsFor, start } from './started.ts';
import { callNumber, fingerprint, scribble } from './support.ts';

const folder = temporaryFolder();

describe('the worst', () => {
  test('a database that is lost loses no note that was not sent, and both are told', async () => {
    const at = folder();
    const first = await start(at);
    expect(await first.call('notes.submit', note)).toMatchObject({ ok: true });
    await first.services.close();
    scribble(databaseFiles(join(at, 'data')).database, 0, 200);

    const second = await start(at);
    expect(await second.call('session.start')).toMatchObject({
      ok: true,
      value: { notices: [{ code: 'database-moved-aside' }, { code: 'outbox-recovered' }] },
    });
    expect(await second.call('outbox.status')).toMatchObject({
      ok: true,
      value: { pending: 1, unsent: [{ id: note.id, text: note.text }] },
    });
    await second.services.close();

    const third = await start(at);
    expect(await third.call('session.start')).toMatchObject({ ok: true, value: { notices: [] } });
    expect(await third.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('damage that only reading shows is mended while running', async () => {
    const at = folder();
    const { database } = databaseFiles(join(at, 'data'));
    const first = await start(at);
    expect(await first.call('notes.submit', note)).toMatchObject({ ok: true });
    for (let index = 0; index < 400; index += 1)
      await first.call('callLog.add', { ...callNumber(index), startedAt: new Date().toISOString() });
    await first.services.close();
    const pages = Math.floor(readFileSync(database).length / 4096);
    // All but the schema's: what is read first meets it, be it the outbox at the start or the call list later.
    for (let page = Math.floor(pages / 2); page < pages; page += 1) scribble(database, page * 4096 + 100, 32);

    const second = await start(at);
    expect(await second.call('callLog.today')).toMatchObject({ ok: true, value: { calls: 0 } });
    expect(second.services.notices.map(({ code }) => code)).toEqual(['database-moved-aside', 'outbox-recovered']);
    expect(await second.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('a key that is gone is told, and nothing is touched', async () => {
    const at = folder();
    await (await start(at)).services.close();
    const before = fingerprint(join(at, 'data'));
    const secrets = createFileSecrets({ folder: join(at, 'empty') });
    expect(await startServices(optionsFor(at, { secrets }))).toMatchObject({ ok: false, error: { code: 'wrong-key' } });
    await secrets.set('database', 'f'.repeat(64));
    expect(await startServices(optionsFor(at, { secrets }))).toMatchObject({ ok: false, error: { code: 'wrong-key' } });
    expect(fingerprint(join(at, 'data'))).toEqual(before);
  });

  test('two programs on one folder: the second is told', async () => {
    const at = folder();
    await start(at);
    expect(await startServices(optionsFor(at))).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  test('servers that take the connection and say nothing do not hold up the end', async () => {
    const sockets: Socket[] = [];
    const silent = createSilent((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const at = folder();
    const crm = {
      kind: 'request-tracker',
      url: `http://127.0.0.1:${port}`,
      queue: 'General',
      tagField: 'Tags',
      clientIdField: 'Client',
    };
    const directory = { kind: 'ldap', url: `ldap://127.0.0.1:${port}`, bindDn: 'cn=reader', baseDn: 'dc=test' };
    writeFileSync(join(at, 'settings.json'), JSON.stringify({ crm, directory }));
    const { call, services } = await start(at);
    for (const name of ['crm', 'directory']) await call('secrets.set', { name, value: 'x' });
    expect(await call('notes.submit', note)).toMatchObject({ ok: true, value: { state: 'pending' } });
    const mine = call('cases.mine');
    await expect.poll(() => sockets.length).toBeGreaterThanOrEqual(2);
    await services.close();
    expect(await mine).toMatchObject({ ok: false });
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    const again = await start(at, { settingsFile: join(at, 'none.json') });
    expect(await again.call('outbox.status')).toMatchObject({ ok: true, value: { pending: 1 } });
  });

  test('a key store that cannot be read is a fault', async () => {
    const at = folder();
    mkdirSync(join(at, 'secrets'), { mode: 0o755 });
    writeFileSync(join(at, 'secrets', 'secrets.json'), '{}', { mode: 0o644 });
    expect(await startServices(optionsFor(at))).toMatchObject({ ok: false, error: { code: 'internal' } });
  });
});
