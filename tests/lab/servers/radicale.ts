import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, scratch, startServer, type RunningServer } from '../process.ts';

export interface Radicale {
  readonly url: string;
  /** The account that may read everybody's. */
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
  /** Starts it again on the same port with what it had. */
  restart(): Promise<void>;
  /** Makes an empty calendar of a person. */
  calendar(person: string, name: string): Promise<void>;
  /** Puts events (iCalendar components without their calendar) as one object; the same name replaces it. */
  put(person: string, calendar: string, name: string, events: string): Promise<void>;
  remove(person: string, calendar: string, name: string): Promise<void>;
}

const READER = 'samband';
const PASSWORD = 'calendar-secret';

const configuration = (folder: string, port: number) => `
[server]
hosts = 127.0.0.1:${port}
[auth]
type = htpasswd
htpasswd_filename = ${folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = from_file
file = ${folder}/rights
[storage]
filesystem_folder = ${folder}/collections
[logging]
level = warning
`;

const rights = `
[reader]
user: ${READER}
collection: .*
permissions: Rr
[owner]
user: .+
collection: {user}
permissions: RW
[calendars]
user: .+
collection: {user}/[^/]+
permissions: rw
`;

/** Radicale with these people's accounts, on a free port of loopback, in a folder of its own. */
export async function startRadicale(people: readonly string[]): Promise<Radicale> {
  const folder = scratch('radicale');
  const port = await freePort();
  mkdirSync(join(folder, 'collections'));
  writeFileSync(join(folder, 'config'), configuration(folder, port));
  writeFileSync(join(folder, 'rights'), rights);
  writeFileSync(join(folder, 'users'), [READER, ...people].map((user) => `${user}:${PASSWORD}\n`).join(''));
  const url = `http://127.0.0.1:${port}`;

  async function request(user: string, method: string, path: string, body?: string): Promise<number> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}`,
        ...(body === undefined ? {} : { 'Content-Type': 'text/calendar; charset=utf-8' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  async function done(user: string, method: string, path: string, body?: string): Promise<void> {
    const status = await request(user, method, path, body);
    if (status < 200 || status > 299) throw new Error(`Radicale answered ${status} to ${method} ${path}`);
  }

  const start = (): Promise<RunningServer> =>
    startServer({
      name: 'radicale',
      command: '/usr/bin/radicale',
      args: ['--config', join(folder, 'config')],
      folder,
      ready: async () => (await request(READER, 'PROPFIND', '/')) === 207,
    });
  let server = await start();

  return {
    url,
    user: READER,
    password: PASSWORD,
    async stop() {
      await server.stop();
    },
    async restart() {
      await server.stop();
      server = await start();
    },
    async calendar(person, name) {
      // Their own collection is made when they first come.
      await done(person, 'PROPFIND', `/${person}/`);
      await done(person, 'MKCALENDAR', `/${person}/${name}/`);
    },
    put: (person, calendar, name, events) =>
      done(
        person,
        'PUT',
        `/${person}/${calendar}/${name}.ics`,
        `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//lab\n${events.trim()}\nEND:VCALENDAR\n`.replaceAll('\n', '\r\n'),
      ),
    remove: (person, calendar, name) => done(person, 'DELETE', `/${person}/${calendar}/${name}.ics`),
  };
}
