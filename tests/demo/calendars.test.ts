/** The demo's calendars, by the app's own reader. */
import { expect, test } from 'vitest';
import { startDemoCalendars } from '../../demo/calendars.ts';
import { generatePeople } from '../../demo/people/index.ts';
import { caldavSource } from '../../main/services/calendars/index.ts';
import { caldav } from '../../main/services/settings/calendar-schema.ts';
import { systemClock } from '../../main/services/system.ts';

test('one is in a closed meeting, one may be interrupted, one is on holiday, and the others have none', async () => {
  const today = new Date();
  const people = generatePeople({ count: 100, seed: 1, today });
  const calendars = await startDemoCalendars(people, today);
  try {
    const { url, user, password } = calendars;
    const source = caldavSource({
      settings: caldav.parse({ kind: 'caldav', url, user }),
      secrets: { get: async () => password },
      fetch,
      clock: systemClock,
      zone: 'Europe/Oslo',
    });
    const read = async ({ id, email }: { id: string; email: string }) => {
      const found = await source.read({ id, email, cursor: null, readUntil: null }, today, new AbortController().signal);
      return found.ok
        ? found.value.times?.map(({ closed, kind }) => ({ closed, kind, found: found.value.found }))
        : found.error;
    };
    const { closed, open, holiday } = calendars.people;
    expect(await read(closed)).toEqual([{ closed: true, kind: 'meeting', found: true }]);
    expect(await read(open)).toEqual([{ closed: false, kind: 'meeting', found: true }]);
    expect(await read(holiday)).toEqual([{ closed: true, kind: 'holiday', found: true }]);
    expect(await read(people.at(-1)!)).toEqual([]);
  } finally {
    await calendars.stop();
  }
});
