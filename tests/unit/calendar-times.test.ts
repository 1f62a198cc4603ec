/** Calendar texts → times: what each kind of event does to calls. */
import { describe, expect, test } from 'vitest';
import { subjectReader } from '../../main/services/calendars/subject.ts';
import { timesOf, type TimesOptions } from '../../main/services/calendars/times.ts';

const oslo = `BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`;

const event = (lines: string) => `BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n${lines.trim()}\nEND:VEVENT`;
const calendar = (...parts: string[]) =>
  `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test\n${parts.join('\n')}\nEND:VCALENDAR\n`.replaceAll('\n', '\r\n');

function read(texts: string | string[], given: Partial<TimesOptions> = {}): string[] | null {
  const times = timesOf([texts].flat(), {
    from: new Date('2026-11-23T00:00:00Z'),
    until: new Date('2026-12-07T00:00:00Z'),
    zone: 'Europe/Oslo',
    email: 'kari@lab.test',
    subject: subjectReader({}),
    uncodedClosed: false,
    ...given,
  });
  const short = (instant: string) => instant.replace(':00.000Z', '').slice(5);
  return (
    times?.map((one) => `${short(one.startsAt)} ${short(one.endsAt)} ${one.closed ? 'closed' : 'open'} ${one.kind}`) ?? null
  );
}

const at10 = 'DTSTART:20261124T100000Z\nDTEND:20261124T110000Z';
const one = (lines: string, when = at10) => read(calendar(event(`${when}\n${lines}`)));
const told = (meaning: string) => [`11-24T10:00 11-24T11:00 ${meaning}`];

describe('what an event means', () => {
  test.each([
    ['SUMMARY:Budsjett', told('open meeting')],
    ['SUMMARY:MØT: Budsjett', told('closed meeting')],
    ['SUMMARY:møt; Budsjett', told('open meeting')],
    ['SUMMARY:LUN:', told('closed lunch')],
    ['SUMMARY:FER: Syden', told('closed holiday')],
    ['SUMMARY:TJR; Bergen', told('open travel')],
    ['SUMMARY:SYK: influensa', told('closed away')],
    ['SUMMARY:PER: foreldrepermisjon', told('closed away')],
    ['SUMMARY:OBS: husk kake', told('open meeting')],
    ['SUMMARY:Re: kake', told('open meeting')],
    ['SUMMARY:MØTEROM: 3', told('open meeting')],
    ['STATUS:CANCELLED\nSUMMARY:MØT: x', []],
    ['TRANSP:TRANSPARENT\nSUMMARY:Bursdag', []],
    ['TRANSP:TRANSPARENT\nSUMMARY:FER: x', told('closed holiday')],
    ['STATUS:TENTATIVE\nSUMMARY:MØT: x', told('open meeting')],
    ['X-MICROSOFT-CDO-BUSYSTATUS:OOF', told('closed away')],
    ['X-MICROSOFT-CDO-BUSYSTATUS:FREE', []],
    ['ATTENDEE;PARTSTAT=DECLINED:mailto:Kari@lab.test\nSUMMARY:MØT: x', []],
    ['ATTENDEE;PARTSTAT=DECLINED:mailto:other@lab.test\nSUMMARY:MØT: x', told('closed meeting')],
    ['ATTENDEE:mailto:kari@lab.test\nSUMMARY:MØT: x', told('open meeting')],
  ])('%s', (lines, expected) => expect(one(lines)).toEqual(expected));

  test('an ordinary meeting keeps calls out where the settings say so; codes of one’s own', () => {
    const text = calendar(event(`${at10}\nSUMMARY:Budsjett`));
    expect(read(text, { uncodedClosed: true })).toEqual(told('closed meeting'));
    const subject = subjectReader({ Kurs: 'travel', SYK: 'holiday' });
    expect(read(calendar(event(`${at10}\nSUMMARY:KURS: x`)), { subject })).toEqual(told('closed travel'));
    expect(read(calendar(event(`${at10}\nSUMMARY:SYK: x`)), { subject })).toEqual(told('closed away'));
  });
});

describe('when it is', () => {
  test.each([
    ['whole days, from midnight here', 'DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261127', ['11-24T23:00 11-26T23:00']],
    ['one whole day without an end', 'DTSTART;VALUE=DATE:20261125', ['11-24T23:00 11-25T23:00']],
    ['a duration', 'DTSTART:20261125T100000Z\nDURATION:PT90M', ['11-25T10:00 11-25T11:30']],
    [
      'a zone that the text does not define',
      'DTSTART;TZID=Europe/Helsinki:20261125T100000\nDURATION:PT1H',
      ['11-25T08:00 11-25T09:00'],
    ],
    ['a zone by a vendor’s name', 'DTSTART;TZID=/x.org/Asia/Tokyo:20261125T100000\nDURATION:PT1H', ['11-25T01:00 11-25T02:00']],
    ['a clock of no zone', 'DTSTART:20261125T100000\nDURATION:PT1H', ['11-25T09:00 11-25T10:00']],
    ['nothing of an event that takes no time', 'DTSTART:20261125T100000Z', []],
    ['nothing before or after what is asked', 'DTSTART:20261208T100000Z\nDURATION:PT1H', []],
    ['what began before', 'DTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20261201', ['10-31T23:00 11-30T23:00']],
    [
      'every weekday',
      'DTSTART:20200106T110000Z\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH',
      ['11-23T11:00 11-23T11:30', '11-26T11:00 11-26T11:30', '11-30T11:00 11-30T11:30', '12-03T11:00 12-03T11:30'],
    ],
    [
      'without those taken out',
      'DTSTART:20261124T110000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20261125T110000Z,20261126T110000Z',
      ['11-24T11:00 11-24T11:30', '11-27T11:00 11-27T11:30'],
    ],
    [
      'with days beside the rule',
      'DTSTART:20261124T110000Z\nDURATION:PT30M\nRDATE:20261201T090000Z',
      ['11-24T11:00 11-24T11:30', '12-01T09:00 12-01T09:30'],
    ],
    [
      'until its end',
      'DTSTART:20261110T110000Z\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;UNTIL=20261124T110000Z',
      ['11-24T11:00 11-24T11:30'],
    ],
  ])('%s', (_what, when, expected) => {
    expect(one('SUMMARY:x', when)).toEqual(expected.map((time) => `${time} open meeting`));
  });

  test.each([oslo, ''])('a series keeps its time of the day when the clocks change', (zone) => {
    const daily = 'DTSTART;TZID=Europe/Oslo:20261023T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3';
    const window = { from: new Date('2026-10-20T00:00:00Z'), until: new Date('2026-10-30T00:00:00Z') };
    expect(read(calendar(zone, event(daily)), window)).toEqual([
      '10-23T07:00 10-23T08:00 open meeting',
      '10-24T07:00 10-24T08:00 open meeting',
      '10-25T08:00 10-25T09:00 open meeting',
    ]);
  });

  test('exceptions: moved within, moved in from beyond, cancelled, and in another zone’s words', () => {
    const master = event('DTSTART;TZID=Europe/Oslo:20261124T120000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=40\nSUMMARY:LUN:');
    const instead = (id: string, lines: string) => event(`RECURRENCE-ID${id}\nDURATION:PT1H\nSUMMARY:LUN:\n${lines}`);
    const found = read(
      calendar(
        oslo,
        master,
        instead(';TZID=Europe/Oslo:20261124T120000', 'DTSTART;TZID=Europe/Oslo:20261124T150000'),
        instead(':20261125T110000Z', 'DTSTART:20261125T110000Z\nSTATUS:CANCELLED'),
        instead(';TZID=Europe/Oslo:20261220T120000', 'DTSTART;TZID=Europe/Oslo:20261126T060000'),
      ),
      { until: new Date('2026-11-27T00:00:00Z') },
    );
    expect(found).toEqual([
      '11-24T14:00 11-24T15:00 closed lunch',
      '11-26T05:00 11-26T06:00 closed lunch',
      '11-26T11:00 11-26T12:00 closed lunch',
    ]);
  });

  test('an exception from here on', () => {
    const text = calendar(
      event('DTSTART:20261124T120000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:LUN:'),
      event('RECURRENCE-ID;RANGE=THISANDFUTURE:20261125T120000Z\nDTSTART:20261125T130000Z\nDURATION:PT1H\nSUMMARY:MØT:'),
    );
    expect(read(text)).toEqual([
      '11-24T12:00 11-24T13:00 closed lunch',
      '11-25T13:00 11-25T14:00 closed meeting',
      '11-26T13:00 11-26T14:00 closed meeting',
    ]);
  });

  test('an exception whose series is not there, and the same time told twice', () => {
    const lone = calendar(event('RECURRENCE-ID:20261124T120000Z\nDTSTART:20261124T130000Z\nDURATION:PT1H'));
    expect(read([lone, lone])).toEqual(['11-24T13:00 11-24T14:00 open meeting']);
  });
});

describe('what cannot be read is not free', () => {
  test.each([
    ['no calendar', 'hello'],
    ['a time that is none', calendar(event('DTSTART:notatime\nDURATION:PT1H'))],
    ['an event without a beginning', calendar(event('SUMMARY:x'))],
    ['an event every second', calendar(event('DTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY'))],
  ])('%s', (_what, text) => expect(read([calendar(event(at10)), text])).toBeNull());

  test('tasks and an empty calendar say nothing', () => {
    expect(read(calendar('BEGIN:VTODO\nUID:2\nSUMMARY:x\nEND:VTODO'))).toEqual([]);
  });
});
