import { describe, expect, test } from 'vitest';
import type { Person } from '#contract';
import { fc, test as prop } from './search-properties.ts';
import { matchesOf, Synonyms } from '../../main/db/search/index.ts';
import { parseQuery } from '../../main/db/search/query.ts';

const person: Person = {
  id: '1',
  name: 'Anne-Lise Håkonsen Bær',
  givenName: 'Anne-Lise',
  familyName: 'Håkonsen Bær',
  title: 'rådgiver',
  unit: 'Barnehagekontoret Sagene',
  agency: 'Bydel Sagene',
  keywords: ['barnehageopptak', 'søknad om plass'],
  workplace: 'Bydelshuset',
  email: 'anne.lise@oslo.example',
  numbers: [{ kind: 'landline', value: '+4722051014' }],
  nicknames: ['Ansa'],
  deputy: null,
  alternativeNumber: null,
  manager: null,
  openingHours: null,
  switchboardNote: null,
  absence: null,
  availability: 'unknown',
  calendar: null,
  hours: null,
  favourite: false,
  readAt: '2026-11-22T10:00:00.000Z',
};

/** Matches as `field: text` with what is marked between brackets. */
function marked(typed: string): string[] {
  return matchesOf(person, parseQuery(typed)).map(({ field, text, ranges }) => {
    let out = text;
    for (const [from, to] of ranges.toReversed()) out = `${out.slice(0, from)}[${out.slice(from, to)}]${out.slice(to)}`;
    return `${field}: ${out}`;
  });
}

describe('what is marked', () => {
  test.each([
    ['haakon', ['name: Anne-Lise [Håkon]sen Bær']],
    ['baer', ['name: Anne-Lise Håkonsen [Bær]']],
    ['ba', ['name: Anne-Lise Håkonsen [Bæ]r', 'keyword: [ba]rnehageopptak', 'unit: [Ba]rnehagekontoret Sagene']],
    ['annelise', ['name: [Anne-Lise] Håkonsen Bær']],
    ['opptak', ['keyword: barnehage[opptak]']],
    ['sagene', ['unit: Barnehagekontoret [Sagene]', 'unit: Bydel [Sagene]']],
    ['soknad plass', ['keyword: [søknad] om [plass]']],
    ['håkonsne', ['name: Anne-Lise [Håkonsen] Bær']],
    ['22 05', ['number: +47[2205]1014']],
    ['+47 2205', ['number: +[472205]1014']],
    ['1014', ['number: +472205[1014]']],
    ['@oslo', ['email: anne.lise[@oslo].example']],
    ['alhb', ['name: [A]nne-[L]ise [H]åkonsen [B]ær']],
    ['ansa', ['name: [Ansa]']],
    ['xyz', []],
  ])('%s', (typed, expected) => expect(marked(typed)).toEqual(expected));

  const how = (typed: string, groups: string[][] = []) =>
    matchesOf({ ...person, agency: 'Plan- og bygningsetaten' }, parseQuery(typed, new Synonyms(groups))).map(
      (match) => `${match.how ?? 'typed'}: ${match.ranges.map(([from, to]) => match.text.slice(from, to)).join(' ')}`,
    );
  test.each([
    ['anne', ['typed: Anne']],
    ['hokonsen', ['spelling: Håkonsen']],
    ['haakonzen', ['sound: Håkonsen']],
    ['beth', []],
    ['pbe', ['abbreviation: Plan- og bygningsetaten']],
    ['alhb', ['initials: A L H B']],
    ['plass', ['typed: plass']],
  ])('%s says how', (typed, expected) => expect(how(typed)).toEqual(expected));

  test('a synonym marks what it stands for, and says so', () => {
    expect(how('daghjem', [['daghjem', 'barnehage']])).toEqual(['synonym: barnehage', 'synonym: Barnehage']);
    expect(how('kø', [['kø', 'søknad plass']])).toEqual(['synonym: søknad plass']);
    expect(how('kø', [['kø', 'søknad bolig']])).toEqual([]);
  });

  prop(
    'ranges lie in the text, in order, apart',
    [fc.string({ unit: fc.constantFrom('a', 'b', 'e', 'h', 'i', 'n', 'o', 'r', 's', 'å', 'g', 'æ', ' ', '2', '-') })],
    (typed) => {
      for (const { text, ranges } of matchesOf(
        person,
        parseQuery(
          typed,
          new Synonyms([
            ['hage', 'opptak'],
            ['sag', 'hus', 'bær'],
          ]),
        ),
      )) {
        let last = -1;
        for (const [from, to] of ranges) {
          expect(from).toBeGreaterThan(last);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          last = to;
        }
      }
    },
  );
});
