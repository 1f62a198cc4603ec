import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ago,
  catalogues,
  clock,
  count,
  dialable,
  isEmergency,
  readNumber,
  duration,
  formatNumber,
  initials,
  until,
  when,
  type Messages,
} from '../../renderer/text/index.ts';

const { nb, nn, en } = catalogues;
const now = new Date(2026, 10, 18, 11, 0); // a Wednesday
const before = (days: number, hours = 0): Date => new Date(2026, 10, 18 - days, 11 - hours, 0);

/** Every word of a catalogue by its path; functions are called with plausible values. */
function words(messages: Messages): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') found.set(path, value);
    else if (typeof value === 'function') found.set(path, String((value as (...args: unknown[]) => unknown)(3, 'x', 2026)));
    else if (Array.isArray(value)) value.forEach((one, index) => walk(one, `${path}.${index}`));
    else for (const [key, one] of Object.entries(value as object)) walk(one, `${path}.${key}`);
  };
  walk(messages, '');
  return found;
}

describe('catalogues', () => {
  test('the three say the same things, and none is left empty', () => {
    const keys = [...words(nb).keys()];
    for (const other of [nn, en]) expect([...words(other).keys()]).toEqual(keys);
    for (const all of [nb, nn, en]) for (const [path, said] of words(all)) expect(said, path).toMatch(/\S/);
  });

  test('nynorsk and English are not Bokmål left behind', () => {
    const source = words(nb);
    // Words that only Bokmål has.
    const onlyBokmal = /\b(ikke|jeg|hvem|hva|hvor|noen|ennå|bare|saken|samtaler|kopier detaljer|fra)\b/i;
    for (const other of [nn, en])
      for (const [path, said] of words(other)) expect(said, `${path}: ${source.get(path)}`).not.toMatch(onlyBokmal);
  });
});

describe('numbers', () => {
  test.each([
    ['+4722051014', '22 05 10 14'],
    ['22051014', '22 05 10 14'],
    ['22 05 10 14', '22 05 10 14'],
    ['004722051014', '22 05 10 14'],
    ['+4792211334', '922 11 334'],
    ['41234567', '412 34 567'],
    ['80012345', '800 12 345'],
    ['02180', '02 180'],
    ['112', '112'],
    ['1881', '1881'],
    ['+46812345678', '+46 8 123 456 78'],
    ['+442079460018', '+44 20 7946 0018'],
    ['agent2', 'agent2'],
    ['', ''],
  ])('%s is written %s', (raw, written) => expect(formatNumber(raw)).toBe(written));

  test('grouping changes no digit', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{8}$/), (digits) => formatNumber(digits).replace(/\s/g, '') === digits));
  });

  test.each([
    ['22 05 10 14', '22051014'],
    ['tel:+4722051014', '+4722051014'],
    ['(+47) 22-05-10-14', '+4722051014'],
    ['sip:agent2@lab.test', 'sip:agent2@lab.test'],
    ['112', '112'],
    ['Per Olsen', null],
    ['1', null],
    ['', null],
  ])('%s dials %s', (typed, dialled) => expect(dialable(typed)).toBe(dialled));
});

describe('times', () => {
  test.each([
    [before(0, 2), '09:00'],
    [before(1), 'i går 11:00'],
    [before(2), 'mandag 11:00'],
    [before(6), 'torsdag 11:00'],
    [before(7), '11. nov'],
    [before(365), '18. nov 2025'],
  ])('%s was %s', (at, said) => expect(when(at, now, nb)).toBe(said));

  test.each([
    [before(0, -3), '14:00'],
    [before(-1), 'i morgen 11:00'],
    [new Date(2026, 10, 19), 'i morgen'],
    [before(-3), 'lørdag 11:00'],
    [before(-30), '18. des'],
  ])('%s will be %s', (at, said) => expect(until(at, now, nb)).toBe(said));

  test.each([
    [0, 'nå nettopp'],
    [2, 'for 2 s siden'],
    [59, 'for 59 s siden'],
    [61, 'for 1 min siden'],
    [3599, 'for 59 min siden'],
    [7200, '09:00'],
  ])('%d seconds ago is %s', (seconds, said) => expect(ago(new Date(now.getTime() - seconds * 1000), now, nb)).toBe(said));

  test.each([
    [6, false, '0:06'],
    [151, true, '02:31'],
    [3723, false, '1:02:03'],
    [-5, false, '0:00'],
  ])('%d s reads %s', (seconds, wide, said) => expect(duration(seconds, wide)).toBe(said));

  test('the clock has 24 hours and two digits', () => expect(clock(new Date(2026, 0, 1, 8, 5))).toBe('08:05'));
});

test('thousands stand apart', () =>
  expect([count(999), count(1240), count(1_000_000)]).toEqual(['999', '1\u00a0240', '1\u00a0000\u00a0000']));
test.each([
  ['Ingrid Solheim', 'IS'],
  ['Åse', 'Å'],
  ['Anne Marie Øye', 'AØ'],
  ['', ''],
])('%s has the initials %s', (name, letters) => expect(initials(name)).toBe(letters));

describe('a typed number', () => {
  test.each([
    ['(+47) 22 05 10 14', '+4722051014'],
    ['0047 22\u00a005\u202f10-14', '+4722051014'],
    ['tel:+4792211334', '+4792211334'],
    ['callto://02180', '02180'],
    ['*86#', '*86#'],
    ['sip:kari@annen.no', 'sip:kari@annen.no'],
  ])('%s is %s', (typed, number) => expect(readNumber(typed)).toEqual({ ok: true, number }));

  test.each([
    ['', 'empty'],
    ['22 05 ÅB 14', 'letters'],
    ['Per Olsen', 'letters'],
    ['22+05', 'signs'],
    ['22 05; 10', 'signs'],
    ['1', 'length'],
    ['1'.repeat(21), 'length'],
  ])('%s is refused: %s', (typed, why) => expect(readNumber(typed)).toEqual({ ok: false, why }));

  test('110, 112 and 113 are known however they are written, and nothing else is', () => {
    expect(['112', '1 1 3', 'tel:110', 'sip:112@lab.test'].map(isEmergency)).toEqual([true, true, true, true]);
    expect(['1123', '0112', '22051012', '+112'].map(isEmergency)).toEqual([false, false, false, false]);
  });
});
