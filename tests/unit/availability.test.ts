import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '#contract';
import { colleagueOf } from '../../renderer/directory/alternatives.ts';
import { availabilityOf, availabilityWords, isAsked } from '../../renderer/directory/availability.ts';
import { unknownLine, type LineView } from '../../renderer/lines/watch.ts';
import { catalogues } from '../../renderer/text/index.ts';
import { people } from '../face/fixture/world.ts';

const { nb } = catalogues;
const now = new Date(2026, 10, 18, 11, 0);
const at = (hours: number, minutes = 0, day = 18) => new Date(2026, 10, day, hours, minutes).toISOString();
const line = (state: LineView['state'], since: number | null = null): LineView => ({ state, since, readAt: now.getTime() });
const somebody: Person = { ...people.find(({ id }) => id === 'per')!, availability: 'unknown' };

const away = (kind: 'meeting' | 'away' | 'holiday', until: string | null): Partial<Person> => ({
  absence: { kind, until, source: 'calendar', readAt: at(10, 58) },
  availability: 'absent',
});
const hours = (open: boolean | null, changesAt: string | null): Partial<Person> => ({
  hours: { text: 'Mo-Fr', open, changesAt },
});
const calendar = (busy: boolean, nextFreeAt: string | null, known = true): Partial<Person> => ({
  calendar: { known, busy, nextBusyAt: null, nextFreeAt, readAt: at(10, 58) },
});

describe('availability now', () => {
  test.each<[string, Partial<Person>, LineView, string, string]>([
    ['nobody has told', {}, unknownLine, 'unknown', 'Ukjent'],
    ['an idle line', {}, line('free'), 'free', 'Ledig'],
    ['a line that rings', {}, line('ringing'), 'onPhone', 'I samtale'],
    ['a call for four minutes', {}, line('onPhone', now.getTime() - 270_000), 'onPhone', 'I samtale 4 min'],
    ['a call that has only begun', {}, line('onPhone', now.getTime() - 59_000), 'onPhone', 'I samtale'],
    ['an idle line counts more than what the copy says', { availability: 'onPhone' }, line('free'), 'free', 'Ledig'],
    ['what the copy says, where the line tells nothing', { availability: 'onPhone' }, unknownLine, 'onPhone', 'I samtale'],
    ['in a closed meeting', away('meeting', at(14)), unknownLine, 'absent', 'I møte til 14:00'],
    ['an idle line brings nobody back', away('meeting', at(14)), line('free'), 'absent', 'I møte til 14:00'],
    ['a call tells that they are there', away('meeting', at(14)), line('onPhone'), 'onPhone', 'I samtale'],
    ['of a cause no more than absent', away('away', at(14)), unknownLine, 'absent', 'Fraværende til 14:00'],
    ['an end that is not known', away('meeting', null), unknownLine, 'absent', 'I møte'],
    ['an absence that is over', { ...away('meeting', at(10, 59)), availability: 'unknown' }, unknownLine, 'unknown', 'Ukjent'],
    ['after hours', hours(false, at(8, 0, 19)), unknownLine, 'closed', 'Stengt, åpner i morgen 08:00'],
    ['after hours, and nobody knows until when', hours(false, null), line('free'), 'closed', 'Stengt'],
    ['opened since it was read', hours(false, at(10)), line('free'), 'free', 'Ledig'],
    ['hours that cannot be read', hours(null, null), unknownLine, 'unknown', 'Ukjent'],
    [
      'absent counts more than after hours',
      { ...hours(false, at(8, 0, 19)), ...away('holiday', at(14)) },
      unknownLine,
      'absent',
      'På ferie til 14:00',
    ],
    ['busy, and calls may come', calendar(true, at(12, 30)), unknownLine, 'busy', 'Opptatt til 12:30, kan nås'],
    ['busy counts more than an idle line', calendar(true, null), line('free'), 'busy', 'Opptatt, kan nås'],
    ['a meeting that is over', calendar(true, at(10)), unknownLine, 'unknown', 'Ukjent'],
    ['a calendar that could not be read', calendar(true, at(12), false), unknownLine, 'unknown', 'Ukjent'],
    ['an empty calendar makes nobody free', calendar(false, null), unknownLine, 'unknown', 'Ukjent'],
  ])('%s', (_, facts, seen, kind, words) => {
    const is = availabilityOf({ ...somebody, ...facts }, seen, now);
    expect([is.kind, availabilityWords(is, now, nb)]).toEqual([kind, words]);
  });

  test('never free without an idle line, and never a question where nothing is known', () => {
    const facts = fc.record(
      {
        absence: fc.constantFrom(null, away('meeting', at(14)).absence!, away('away', at(9)).absence!),
        hours: fc.constantFrom(null, ...[true, false, null].map((open) => ({ text: 'x', open, changesAt: null }))),
        calendar: fc.constantFrom(null, ...[true, false].map((busy) => calendar(busy, at(12)).calendar!)),
      },
      { requiredKeys: [] },
    );
    const states = fc.constantFrom<LineView['state'][]>('free', 'ringing', 'onPhone', 'unknown');
    fc.assert(
      fc.property(facts, states, (known, state) => {
        const is = availabilityOf({ ...somebody, ...known }, line(state), now);
        if (is.kind === 'free') expect(state).toBe('free');
        if (is.kind === 'unknown') expect(isAsked(is)).toBe(false);
      }),
    );
  });
});

describe('who may help instead', () => {
  const other = (id: string, keywords: string[] = [], facts: Partial<Person> = {}) => ({
    person: { ...somebody, id, name: id, ...facts },
    why: { unit: keywords.length === 0, keywords },
  });
  const idle = (number: string) => line(number === '+4799' ? 'onPhone' : 'unknown');
  test.each<[string, ReturnType<typeof other>[], string | null, string | null]>([
    ['nobody', [], null, null],
    ['the best first', [other('a', ['opptak']), other('b')], 'a', 'opptak'],
    ['nobody who is away', [other('a', [], away('meeting', at(14))), other('b', ['x', 'y', 'z'])], 'b', 'x, y'],
    ['nobody on the phone', [other('a', [], { numbers: [{ kind: 'landline', value: '+4799' }] }), other('b')], 'b', null],
    ['nobody without a number', [other('a', [], { numbers: [] })], null, null],
    ['nobody who is offered as the deputy', [other('deputy'), other('b')], 'b', null],
    ['whoever is known to be free', [other('a'), other('b', [], { availability: 'free' })], 'b', null],
  ])('%s', (_, alternatives, id, why) => {
    const found = colleagueOf(alternatives, now, 'deputy', idle);
    expect([found?.target.personId ?? null, found?.why ?? null]).toEqual([id, why]);
  });
});
