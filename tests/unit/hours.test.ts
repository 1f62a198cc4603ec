/** Opening hours as people write them, over weekends, holidays and the turning of the clocks. Winter is UTC+1 here, summer UTC+2. */
import { describe, expect, test } from 'vitest';
import { easter, isHoliday } from '../../main/services/hours/holidays.ts';
import { createHours, hoursAt } from '../../main/services/hours/index.ts';
import { parseHours } from '../../main/services/hours/parse.ts';
import { addDays, instantOf, wallOf, weekday } from '../../main/services/time/zone.ts';
import { personOf } from './person.ts';

const zone = 'Europe/Oslo';
const at = (text: string, now: string, country = 'NO') => {
  const { open, changesAt } = hoursAt(text, parseHours(text), new Date(now), zone, country);
  return [open, changesAt?.replace(':00.000Z', 'Z') ?? null];
};

describe('whether it is open, and until when', () => {
  test.each([
    ['in the middle of a day', 'Mo-Fr 08:00-15:30', '2026-11-24T09:00Z', true, '2026-11-24T14:30Z'],
    ['to the minute it opens', 'ma-fr 8-15.30', '2026-11-24T07:00Z', true, '2026-11-24T14:30Z'],
    ['to the minute it closes', 'ma-fr 8-15.30', '2026-11-24T14:30Z', false, '2026-11-25T07:00Z'],
    ['over a weekend', 'hverdager kl. 09–15', '2026-11-27T20:00Z', false, '2026-11-30T08:00Z'],
    ['with a break', 'Mo-Fr 08:00-11:00,12:00-15:00', '2026-11-24T10:30Z', false, '2026-11-24T11:00Z'],
    ['a later rule counts', 'Mo-Fr 08:00-15:00; We off', '2026-11-25T09:00Z', false, '2026-11-26T07:00Z'],
    ['past midnight', 'Fr 20:00-02:00', '2026-11-27T23:30Z', true, '2026-11-28T01:00Z'],
    [
      'by the season',
      'May 15-Sep 14 Mo-Fr 08:00-15:00; Sep 15-May 14 Mo-Fr 08:00-15:45',
      '2026-11-24T14:30Z',
      true,
      '2026-11-24T14:45Z',
    ],
    ['always', '24/7', '2026-12-25T03:00Z', true, null],
    ['never within sight', 'jul 08:00-15:00', '2026-11-24T09:00Z', false, null],
    ['closed on 17 May, though a Monday', 'Mo-Fr 08:00-15:00', '2027-05-17T08:00Z', false, '2027-05-18T06:00Z'],
    ['from Maundy Thursday till after Easter', 'Mo-Fr 08:00-15:00', '2027-03-24T14:00Z', false, '2027-03-30T06:00Z'],
    ['open on a holiday where it says so', 'Mo-Fr 08:00-15:00; PH 10:00-14:00', '2026-12-25T09:30Z', true, '2026-12-25T13:00Z'],
    ['eight is eight before the clocks are put forward', 'Mo-Su 08:00-15:00', '2027-03-27T05:00Z', false, '2027-03-27T07:00Z'],
    ['… and after (no holiday known)', 'Mo-Su 08:00-15:00', '2027-04-05T05:00Z', false, '2027-04-05T06:00Z', 'SE'],
    ['a night that is an hour longer', '22:00-06:00', '2026-10-24T22:00Z', true, '2026-10-25T05:00Z'],
    ['a night that is an hour shorter', '22:00-06:00', '2027-03-27T22:00Z', true, '2027-03-28T04:00Z', 'SE'],
  ])('%s', (_what, text, now, open, changesAt, country = 'NO') => {
    expect(at(text, now, country)).toEqual([open, changesAt]);
  });

  test.each([
    '',
    'etter avtale',
    'Mo-Fr',
    'Mo-Fr 25:00-26:00',
    'Mo-Fr 08:00',
    '08:00-08:00',
    'Xx 08:00-15:00',
    'Mo-Fr 08:00-15:00; ?',
  ])('says nothing of what it cannot read: "%s"', (text) => expect(at(text, '2026-11-24T09:00Z')).toEqual([null, null]));
});

test('a person’s own hours come before the unit’s, the agency’s, and everybody’s', () => {
  const units = { inntak: '24/7', Oppvekst: 'Mo-Fr 08:00-15:00', '*': 'Mo 09:00-10:00' };
  const hours = createHours({ units, zone, country: 'NO' });
  const textOf = (given: Parameters<typeof personOf>[0]) => hours(personOf(given), new Date('2026-11-24T09:00Z')).hours?.text;
  expect(textOf({ openingHours: 'Tu 08:00-09:00', unit: 'Inntak' })).toBe('Tu 08:00-09:00');
  expect(textOf({ unit: 'INNTAK', agency: 'Oppvekst' })).toBe('24/7');
  expect(textOf({ unit: 'Skole', agency: 'Oppvekst' })).toBe('Mo-Fr 08:00-15:00');
  expect(textOf({ unit: 'Vei' })).toBe('Mo 09:00-10:00');
  const none = createHours({ units: {}, zone, country: 'NO' });
  expect(none(personOf({ unit: 'Vei' }), new Date()).hours).toBeNull();
});

test('Norway’s public holidays', () => {
  expect([2024, 2025, 2026, 2027, 2038].map((year) => new Date(easter(year)).toISOString().slice(0, 10))).toEqual([
    '2024-03-31',
    '2025-04-20',
    '2026-04-05',
    '2027-03-28',
    '2038-04-25',
  ]);
  const days: string[] = [];
  for (let day = { year: 2026, month: 1, day: 1, minutes: 0 }; day.year === 2026; day = addDays(day, 1))
    if (isHoliday(day, 'NO')) days.push(`${day.month}-${day.day}`);
  expect(days).toEqual(['1-1', '4-2', '4-3', '4-5', '4-6', '5-1', '5-14', '5-17', '5-24', '5-25', '12-25', '12-26']);
  expect(isHoliday({ year: 2026, month: 12, day: 25, minutes: 0 }, 'SE')).toBe(false);
});

describe('clocks on walls', () => {
  test.each([
    ['an ordinary day', { year: 2026, month: 7, day: 1, minutes: 600 }, '2026-07-01T08:00:00.000Z'],
    ['a time that comes twice is its first', { year: 2026, month: 10, day: 25, minutes: 150 }, '2026-10-25T00:30:00.000Z'],
    ['a time that is skipped', { year: 2027, month: 3, day: 28, minutes: 150 }, '2027-03-28T01:30:00.000Z'],
    ['minutes past the day', { year: 2026, month: 12, day: 31, minutes: 1500 }, '2027-01-01T00:00:00.000Z'],
  ])('%s', (_what, wall, expected) => expect(instantOf(wall, zone).toISOString()).toBe(expected));

  test('there and back, each hour of a year', () => {
    for (let hour = Date.UTC(2026, 0, 1); hour < Date.UTC(2027, 0, 1); hour += 3_600_000) {
      const back = instantOf(wallOf(new Date(hour), zone), zone).getTime();
      // But the hour that comes twice.
      expect(back === hour || hour === Date.UTC(2026, 9, 25, 1)).toBe(true);
    }
    expect(weekday(wallOf(new Date('2026-11-22T23:30Z'), zone))).toBe(0);
  });
});
