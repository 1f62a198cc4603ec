/** What CalDAV servers answer, and what is asked of them next. */
import { expect, test } from 'vitest';
import { caldavSource } from '../../main/services/calendars/caldav/index.ts';
import { parseMultistatus } from '../../main/services/calendars/caldav/multistatus.ts';
import { caldav } from '../../main/services/settings/calendar-schema.ts';

const multistatus = (...responses: string[]) =>
  `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="x">${responses.join('')}</d:multistatus>`;
const response = (href: string, prop: string, rest = '') =>
  `<d:response><d:href>${href}</d:href><d:propstat><d:prop>${prop}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>${rest}</d:response>`;
const calendar = '<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>';

test('which resources are calendars of events, by which state, and texts as they were written', () => {
  const missing = '<d:propstat><d:prop><d:sync-token/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status></d:propstat>';
  const found = parseMultistatus(
    multistatus(
      response('/a/', `${calendar}<s:getctag>"1"</s:getctag>`, missing),
      response('/b/', `${calendar}<d:sync-token>http://t/5</d:sync-token><s:getctag>7</s:getctag>`),
      response(
        '/tasks/',
        `${calendar}<c:supported-calendar-component-set><c:comp name="VTODO"/></c:supported-calendar-component-set>`,
      ),
      response('/free/', `${calendar}<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>`),
      response(
        '/home/',
        '<d:resourcetype><d:collection/></d:resourcetype><c:calendar-home-set><d:href>/c/</d:href></c:calendar-home-set>',
      ),
      response('/a/1.ics', '<d:getetag>"e"</d:getetag><c:calendar-data>A&#13;\nB&amp;C</c:calendar-data>'),
    ),
  );
  expect(found?.map(({ href, calendar: is, state }) => [href, is, state])).toEqual([
    ['/a/', true, '"1"'],
    ['/b/', true, 'http://t/5'],
    ['/tasks/', false, null],
    ['/free/', false, null],
    ['/home/', false, null],
    ['/a/1.ics', false, null],
  ]);
  expect(found?.[4]?.home).toBe('/c/');
  expect(found?.[5]).toMatchObject({ etag: '"e"', data: 'A\r\nB&C' });
  expect(parseMultistatus(multistatus())).toEqual([]);
  for (const other of ['', 'hello', '<html><body>Sign in</body></html>', '{"a":1}']) expect(parseMultistatus(other)).toBeNull();
});

function asking(answers: (method: string, path: string) => Response) {
  const asked: string[] = [];
  const source = caldavSource({
    settings: caldav.parse({ kind: 'caldav', url: 'https://cal.lab.test/{email}/{id}/', user: 'samband' }),
    secrets: { get: async () => 'secret' },
    async fetch(url, init) {
      const path = new URL(url instanceof Request ? url.url : url).pathname;
      asked.push(`${init?.method} ${path}`);
      return answers(init?.method ?? '', path);
    },
    clock: { now: () => new Date(), after: () => () => {} },
    zone: 'Europe/Oslo',
  });
  const read = (cursor: string | null = null, readUntil: string | null = null) =>
    source.read(
      { id: 'å/1', email: 'kari@lab.test', cursor, readUntil },
      new Date('2026-11-24T09:00:00Z'),
      new AbortController().signal,
    );
  return { asked, read };
}
const told = (xml: string) => new Response(xml, { status: 207 });
const own = '/kari%40lab.test/%C3%A5%2F1/';

test('a server without tokens is asked for the events’ etags, and for the events only when one is new', async () => {
  let etag = '"1"';
  const event = 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261124T100000Z\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR';
  const given = asking((method) =>
    told(
      multistatus(
        method === 'PROPFIND'
          ? response(own, calendar)
          : response(`${own}1.ics`, `<d:getetag>${etag}</d:getetag><c:calendar-data>${event}</c:calendar-data>`),
      ),
    ),
  );
  const first = await given.read();
  expect(first).toMatchObject({ ok: true, value: { found: true, times: [{ startsAt: '2026-11-24T10:00:00.000Z' }] } });
  expect(given.asked).toEqual([`PROPFIND ${own}`, `REPORT ${own}`, `REPORT ${own}`]);
  const { cursor, readUntil } = first.ok ? first.value : { cursor: null, readUntil: null };
  expect(cursor).not.toContain('BEGIN');
  given.asked.splice(0);
  expect(await given.read(cursor, readUntil)).toMatchObject({ ok: true, value: { times: null, readUntil } });
  expect(given.asked).toEqual([`PROPFIND ${own}`, `REPORT ${own}`]);
  etag = '"2"';
  expect(await given.read(cursor, readUntil)).toMatchObject({ ok: true, value: { times: [{}] } });
  // Days have gone by: what was read does not reach far enough ahead.
  etag = '"1"';
  expect(await given.read(cursor, '2026-12-01T00:00:00.000Z')).toMatchObject({ ok: true, value: { times: [{}] } });
});

test('the password goes to no other server', async () => {
  const away = '<c:calendar-home-set><d:href>https://evil.test/</d:href></c:calendar-home-set>';
  const given = asking(() => told(multistatus(response(own, away))));
  expect(await given.read()).toMatchObject({ ok: false, error: { code: 'rejected' } });
  expect(given.asked).toHaveLength(1);
});

test.each([
  [401, 'unauthorized'],
  [403, 'rejected'],
  [302, 'unreachable'],
  [200, 'unreachable'],
  [429, 'unreachable'],
  [503, 'unreachable'],
])('an answer %i is %s', async (status, code) => {
  const given = asking(() => new Response('kari@lab.test', { status }));
  const read = await given.read();
  expect(read).toMatchObject({ ok: false, error: { code } });
  expect(JSON.stringify(read)).not.toContain('kari');
});

test('nothing there is no calendar; a page that is no answer, or one without an end, is no empty calendar', async () => {
  expect(await asking(() => new Response('', { status: 404 })).read()).toMatchObject({ ok: true, value: { found: false } });
  expect(await asking(() => told('<html/>')).read()).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
  expect(await asking(() => new Response(endless, { status: 207 })).read()).toMatchObject({
    ok: false,
    error: { code: 'rejected' },
  });
});
