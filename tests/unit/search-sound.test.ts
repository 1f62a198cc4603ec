import { describe, expect, test } from 'vitest';
import { fc, test as prop } from './search-properties.ts';
import { abbreviationsOf } from '../../main/db/search/abbreviations.ts';
import { fold } from '../../main/db/search/fold.ts';
import { isShortFor, shortFormsOf, standsFor } from '../../main/db/search/nicknames.ts';
import { parseQuery } from '../../main/db/search/query.ts';
import { soundOf, soundsLike } from '../../main/db/search/sound.ts';
import { Synonyms } from '../../main/db/search/synonyms.ts';

describe('the phonetic key', () => {
  test.each([
    ['Kristine', 'Christine'],
    ['Hansen', 'Hanssen'],
    ['Torbjørn', 'Thorbjørn'],
    ['Moussaoui', 'Mussavi'],
    ['Karlsen', 'Carlsen'],
    ['Filip', 'Phillip'],
    ['Kjell', 'Kjæll'],
    ['Wold', 'Vold'],
    ['Aksel', 'Axel'],
    ['Bråthen', 'Bråten'],
    ['Mathisen', 'Matisen'],
    ['Cecilie', 'Sesilie'],
    ['Zahl', 'Sal'],
    ['Eide', 'Aide'],
    ['Øyvind', 'Øivin'],
    ['Henrik', 'Henrich'],
    ['Næss', 'Ness'],
    ['Wiik', 'Vik'],
    ['Yusuf', 'Yousof'],
    ['Hjorth', 'Jort'],
    ['Qvale', 'Kvale'],
  ])('%s sounds like %s', (a, b) => expect(soundsLike(fold(a), fold(b))).toBe('near'));

  test.each([
    ['Kristoffer', 'Krestaffer'],
    ['Vigdis', 'Vektis'],
    ['Haugland', 'Hogland'],
  ])('%s sounds somewhat like %s', (a, b) => expect(soundsLike(fold(a), fold(b))).toBe('far'));

  test.each([
    ['Hansen', 'Jensen'],
    ['Kari', 'Karin'],
    ['Berg', 'Borg'],
    ['Moe', 'Mo'],
    ['Ali', 'Ole'],
    ['Lund', 'Lind'],
  ])('%s does not sound like %s', (a, b) => expect(soundsLike(fold(a), fold(b))).not.toBe('near'));

  test('the beginning of a longer name is heard from four letters of the key on', () => {
    expect(soundsLike('mussa', 'moussaoui')).toBe('beginning');
    expect(soundsLike('mus', 'moussaoui')).toBeNull();
  });

  prop('is made of letters, and never longer than twice the word', [fc.string({ maxLength: 30 })], (text) => {
    const { near, far } = soundOf(fold(text));
    for (const key of [near, far]) if (key !== null) expect(key).toMatch(/^[A-Za-z]{1,60}$/);
  });

  prop(
    'a letter that is written twice is not heard',
    [fc.string({ unit: fc.constantFrom('b', 'l', 'm', 'n', 'r', 's', 'i', 'o'), minLength: 3, maxLength: 10 }), fc.nat()],
    (text, where) => {
      const at = where % text.length;
      if (!/[lmnrs]/.test(text.charAt(at))) return;
      expect(soundOf(text.slice(0, at) + text.charAt(at) + text.slice(at)).near).toBe(soundOf(text).near);
    },
  );
});

describe('short forms of names', () => {
  test.each([
    ['kris', 'kristian'],
    ['alex', 'aleksander'],
    ['lise', 'elisabeth'],
    ['hans', 'johannes'],
    ['lena', 'magdalena'],
  ])('%s stands for %s', (short, name) => {
    expect(isShortFor(short, name)).toBe(true);
    expect(standsFor(short)).toContain(name);
    expect(shortFormsOf(name)).toContain(short);
    expect(isShortFor(name, short)).toBe(false);
  });
});

describe('abbreviations of units', () => {
  test.each([
    ['Plan- og bygningsetaten', 'pbe'],
    ['Bymiljøetaten', 'bym'],
    ['Utviklings- og kompetanseetaten', 'uke'],
    ['Brann- og redningsetaten', 'bre'],
    ['Sykehjemsetaten', 'sye'],
    ['Pedagogisk-psykologisk tjeneste', 'ppt'],
  ])('%s: %s', (unit, short) => expect(abbreviationsOf(unit)).toContain(short));

  test.each(['Parkering', 'Kundeservice vann', 'Bydel Sagene', ''])('%s has none', (unit) =>
    expect(abbreviationsOf(unit)).toEqual([]),
  );
});

describe('synonyms', () => {
  const others = (typed: string, ...groups: string[][]) =>
    parseQuery(typed, new Synonyms(groups)).map((word) => (word.others ?? []).map((other) => other.join(' ')));

  test('stand for the others of their group, whatever the letter case', () => {
    expect(others('Søppel sagene', ['søppel', 'renovasjon', 'farlig avfall'])).toEqual([['renovasjon', 'farlig avfall'], []]);
  });

  test('several words are one phrase, and the longest counts', () => {
    expect(others('hull i veien', ['hull i veien', 'asfalt'], ['hull', 'gap'])).toEqual([['asfalt'], ['asfalt'], ['asfalt']]);
  });

  const phrase = fc.array(fc.constantFrom('avfall', 'vei', 'skole', 'plass', 'boss'), { minLength: 1, maxLength: 2 });
  const group = fc.array(
    phrase.map((words) => words.join(' ')),
    { minLength: 2, maxLength: 4 },
  );
  prop('are symmetric', [fc.array(group, { maxLength: 5 })], (groups) => {
    const synonyms = new Synonyms(groups);
    for (const text of new Set(groups.flat())) {
      const words = text.split(' ');
      const found = synonyms.at(words, 0);
      // A phrase that means nothing else may begin with a word that does.
      if (found?.length !== words.length) continue;
      for (const other of found.others) expect(synonyms.at(other, 0)?.others.map((one) => one.join(' '))).toContain(text);
    }
  });
});
