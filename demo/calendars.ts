/** The demo's calendars: a small CalDAV server (RFC 4791, as much as the app asks for) over three colleagues' days. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCast } from './cast.ts';
import type { DemoPerson } from './people/index.ts';

export interface DemoCalendars {
  /** What the settings name. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Who has a calendar: in a closed meeting, in one that calls may interrupt, on holiday. */
  readonly people: { readonly closed: DemoPerson; readonly open: DemoPerson; readonly holiday: DemoPerson };
  stop(): Promise<void>;
}

const hourMs = 60 * 60 * 1000;
const instant = (at: number) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

function calendar(subject: string, from: number, to: number): string {
  const event = `BEGIN:VEVENT\nUID:${subject}\nDTSTAMP:${instant(from)}\nDTSTART:${instant(from)}\nDTEND:${instant(to)}\nSUMMARY:${subject}\nEND:VEVENT`;
  return `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Samband//demo\n${event}\nEND:VCALENDAR\n`;
}

const multistatus = (href: string, properties: string) =>
  `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:response><D:href>${href}</D:href>\
<D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>`;

/** Serves them on the loopback interface until stop(). Throws when there are fewer than three people to choose from. */
export async function startDemoCalendars(people: readonly DemoPerson[], today: Date): Promise<DemoCalendars> {
  const [closed, open, holiday] = people.filter((person) => person.absence === null && !isCast(person));
  if (!closed || !open || !holiday) throw new TypeError('too few people for calendars');
  const from = today.getTime();
  const texts = new Map([
    [closed.id, calendar('MØT: Budsjett', from - hourMs, from + 8 * hourMs)],
    [open.id, calendar('MØT; Kontordag', from - hourMs, from + 8 * hourMs)],
    [holiday.id, calendar('FER: Ferie', from - 48 * hourMs, from + 7 * 24 * hourMs)],
  ]);
  const user = 'samband';
  const password = randomBytes(18).toString('base64url');
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    request.resume();
    if (request.headers.authorization !== authorization) return void response.writeHead(401).end();
    const href = request.url ?? '';
    const text = texts.get(decodeURIComponent(href.split('/')[1] ?? ''));
    if (text === undefined) return void response.writeHead(404).end();
    const properties =
      request.method === 'PROPFIND'
        ? '<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:sync-token>1</D:sync-token>'
        : `<C:calendar-data>${text}</C:calendar-data>`;
    response.writeHead(207, { 'Content-Type': 'application/xml; charset=utf-8' }).end(multistatus(href, properties));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{id}/`,
    user,
    password,
    people: { closed, open, holiday },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
