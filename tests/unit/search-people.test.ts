import { beforeAll, describe, expect, test } from 'vitest';
import { fc, test as prop } from './search-properties.ts';
import { generatePeople, type DemoPerson } from '../../demo/people/index.ts';
import { fold, PeopleIndex, Synonyms, type Indexed } from '../../main/db/search/index.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const people = generatePeople({ count: 3000, seed: 11, today: new Date(NOW) });

function indexed(person: DemoPerson, change: Partial<Indexed> = {}): Indexed {
  return {
    ...person,
    numbers: [person.landline, person.mobile, person.shortNumber]
      .filter((text) => text !== null)
      .map((text) => text.replaceAll(' ', '')),
    absent: person.absence !== null,
    absentUntil: null,
    transfers: 0,
    ...change,
  };
}

function indexOf(all: readonly Indexed[]): PeopleIndex {
  const index = new PeopleIndex();
  all.forEach((person, ordinal) => index.add(ordinal, person));
  index.freeze();
  return index;
}

/** A small directory by name; the rest is empty. */
function small(...all: (Partial<Indexed> & { name: string })[]): { find: (typed: string) => string[]; index: PeopleIndex } {
  const empty = {
    nicknames: [],
    title: '',
    unit: '',
    agency: '',
    keywords: [],
    workplace: '',
    email: null,
    numbers: [],
    absent: false,
    absentUntil: null,
    transfers: 0,
  };
  const index = indexOf(all.map((person) => ({ ...empty, id: person.name, ...person })));
  return { index, find: (typed) => index.search(typed, 20, NOW).ordinals.map((ordinal) => all[ordinal]!.name) };
}

/** Letters dropped, added, exchanged or swapped with their neighbour between two words (optimal string alignment). */
function errors(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
}

describe('everybody is found', () => {
  let index: PeopleIndex;
  beforeAll(() => {
    index = indexOf(people.map((person) => indexed(person)));
  });
  const anybody = fc.integer({ min: 0, max: people.length - 1 });
  const finds = (typed: string, ordinal: number) => {
    const { ordinals, total } = index.search(typed, 200, NOW);
    // More than the limit share short beginnings: then the count says that they are all there.
    if (total <= 200) expect({ typed, found: ordinals.includes(ordinal) }).toEqual({ typed, found: true });
    else expect(index.search(typed, total, NOW).ordinals).toContain(ordinal);
  };

  prop('by the full name, in any order', [anybody], (i) => {
    const { name, givenName, familyName } = people[i]!;
    finds(name, i);
    finds(`${familyName} ${givenName}`, i);
    finds(`${familyName}, ${givenName}`.toUpperCase(), i);
  });

  prop('by the beginning of each part of the name', [anybody, fc.nat()], (i, cut) => {
    for (const part of people[i]!.name.split(/[\s-]+/)) finds(part.slice(0, Math.max(3, cut % (part.length + 1))), i);
  });

  test('by a name of use, behind those who are called so', () => {
    const { find } = small({ name: 'Kristian Moe', nicknames: ['Kris'] }, { name: 'Kris Aas' }, { name: 'Ola Li' });
    expect(find('kris')).toEqual(['Kris Aas', 'Kristian Moe']);
    expect(find('kris moe')).toEqual(['Kristian Moe']);
  });

  prop('by each keyword, unit, title and workplace', [anybody], (i) => {
    const person = people[i]!;
    for (const text of [...person.keywords, person.unit, person.agency, person.title, person.workplace])
      finds(`${text} ${person.familyName}`, i);
    for (const keyword of person.keywords) finds(keyword, i);
  });

  prop('by the last five digits of each number, and by the number as it is written', [anybody], (i) => {
    const { landline, mobile, shortNumber } = people[i]!;
    for (const number of [landline, mobile, shortNumber].filter((text) => text !== null)) {
      finds(number, i);
      finds(number.replaceAll(' ', '').slice(-5), i);
      finds(number.replace('+47 ', '').slice(0, 6), i);
    }
  });

  prop('by e-mail, whole and as far as it was typed', [anybody, fc.nat()], (i, cut) => {
    const { email } = people[i]!;
    finds(email, i);
    finds(email.slice(0, 4 + (cut % (email.length - 4))).replace(/[.@-]$/, ''), i);
  });

  prop(
    'with one typing error in a word of four letters or more',
    [anybody, fc.nat(), fc.constantFrom('drop', 'double', 'swap', 'wrong')],
    (i, where, how) => {
      const word = people[i]!.familyName.split(/[\s'-]+/).find((part) => /^[A-Za-z]{5,}$/.test(part));
      if (word === undefined) return;
      // The first letter is taken to be right by whoever types it; every other can be wrong.
      const at = 1 + (where % (word.length - 2));
      const typed = {
        drop: word.slice(0, at) + word.slice(at + 1),
        double: word.slice(0, at) + word.charAt(at) + word.slice(at),
        swap: word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
        wrong: `${word.slice(0, at)}q${word.slice(at + 1)}`,
      }[how];
      if (fold(typed).length < 4) return;
      // oe, ae and aa are one letter to the search (ø, æ, å): one wrong key that makes or breaks such a pair is two errors to it.
      if (errors(fold(typed), fold(word)) > 1) return;
      const { ordinals } = index.search(typed, 3000, NOW);
      expect({ typed, found: ordinals.includes(i) }).toEqual({ typed, found: true });
    },
  );
});

describe('what comes first', () => {
  test('whole name parts, then beginnings, then keywords, titles, units, pieces of compounds, typing errors', () => {
    const { find } = small(
      { name: 'Per Aasland', unit: 'Opptakskontoret' },
      { name: 'Liv Bø', keywords: ['barnehageopptak'] },
      { name: 'Ida Opptak' },
      { name: 'Siri Opptaksen' },
      { name: 'Geir Moen', title: 'opptaksleder' },
      { name: 'Mona Lie', keywords: ['opptak til skole'] },
      { name: 'Nils Opptka' },
    );
    expect(find('opptak')).toEqual([
      'Ida Opptak',
      'Siri Opptaksen',
      'Mona Lie',
      'Geir Moen',
      'Per Aasland',
      'Liv Bø',
      'Nils Opptka',
    ]);
  });

  test('at equal match: available before absent, then whom calls are passed on to, then by name', () => {
    const { find } = small(
      { name: 'Kari Bø', absent: true, transfers: 50 },
      { name: 'Kari Dahl' },
      { name: 'Kari Eng', transfers: 9 },
      { name: 'Kari Aas' },
    );
    expect(find('kari')).toEqual(['Kari Eng', 'Kari Aas', 'Kari Dahl', 'Kari Bø']);
  });

  test('who is back is no longer absent', () => {
    const { index } = small({ name: 'Kari Aas', absent: true, absentUntil: NOW + 1000 }, { name: 'Kari Bø' });
    expect(index.search('kari', 2, NOW).ordinals).toEqual([1, 0]);
    expect(index.search('kari', 2, NOW + 1000).ordinals).toEqual([0, 1]);
  });

  test('hyphens, initials, compounds, substitutes', () => {
    const { find } = small(
      { name: 'Anne-Lise Håland Øye', keywords: ['barnehageopptak'] },
      { name: 'Annelise Haaland' },
      { name: 'Bo Ek' },
    );
    for (const typed of ['anne-lise', 'annelise', 'lise anne', 'haaland', 'håland', 'hal', 'anelise'])
      expect(find(typed), typed).toContain('Anne-Lise Håland Øye');
    for (const typed of ['aø', 'alhø', 'barnehage', 'opptak', 'oye', 'oeye', 'a l h o'])
      expect(find(typed), typed).toEqual(['Anne-Lise Håland Øye']);
    expect(find('annelise').slice(0, 2).toSorted()).toEqual(['Anne-Lise Håland Øye', 'Annelise Haaland']);
  });

  test('all words must match, each in any field', () => {
    const { find } = small(
      { name: 'Kari Bø', unit: 'NAV Sagene' },
      { name: 'Kari Moe', unit: 'NAV Alna' },
      { name: 'Ola Bø', unit: 'NAV Alna' },
    );
    expect(find('alna kari')).toEqual(['Kari Moe']);
    expect(find('bø alna nav')).toEqual(['Ola Bø']);
    expect(find('bø sagene ola')).toEqual([]);
  });
});

describe('what was asked before', () => {
  const some = people.slice(0, 60).map((person) => indexed(person));
  const kept = indexOf(some);
  const word = fc.constantFrom(
    'hansn',
    'kari',
    'barnehge',
    'nav',
    'sagene',
    'kristine',
    'veileder',
    'oslo',
    'a',
    'bydel',
    'alex',
    '22',
  );
  prop(
    'does not change an answer, not of eight words either',
    [fc.array(word, { minLength: 1, maxLength: 8 })],
    (typed) => {
      const query = typed.join(' ');
      expect({ query, ...kept.search(query, 30, NOW) }).toEqual({ query, ...indexOf(some).search(query, 30, NOW) });
    },
    100,
  );
});

describe('what does not read as it was typed', () => {
  test('sounds alike, short forms, abbreviations and synonyms come in their order', () => {
    const { find, index } = small(
      { name: 'Christine Aas' },
      { name: 'Kristine Bo' },
      { name: 'Kristnie Dal' },
      { name: 'Per Eng', keywords: ['kristine-stipend'] },
    );
    expect(find('kristine')).toEqual(['Kristine Bo', 'Per Eng', 'Christine Aas', 'Kristnie Dal']);
    index.useSynonyms(new Synonyms([['legat', 'kristine stipend']]));
    expect(find('legat')).toEqual(['Per Eng']);
    expect(find('legat eng')).toEqual(['Per Eng']);
    expect(find('legat bo')).toEqual([]);
  });

  test('short forms: whose name it is first, then whom it is short for', () => {
    const { find } = small({ name: 'Aleksander Moe' }, { name: 'Alex Vik' }, { name: 'Elisabeth Li' });
    expect(find('alex')).toEqual(['Alex Vik', 'Aleksander Moe']);
    expect(find('lise li')).toEqual(['Elisabeth Li']);
    expect(find('aleksander')).toEqual(['Aleksander Moe', 'Alex Vik']);
  });

  test('an abbreviation is whole: what only begins so is another word', () => {
    const { find } = small(
      { name: 'Kari Aas', agency: 'Plan- og bygningsetaten' },
      { name: 'Ola Bø', agency: 'Bymiljøetaten' },
    );
    expect(find('pbe')).toEqual(['Kari Aas']);
    expect(find('bym')).toEqual(['Ola Bø']);
    expect(find('pb')).toEqual([]);
  });

  test('the unit whose line was dialled comes first at equal match, behind none that matches better', () => {
    const { index } = small(
      { name: 'Kari Aas', unit: 'Parkering' },
      { name: 'Kari Bø', unit: 'Kulturskolen' },
      { name: 'Karine Dahl', unit: 'Kulturskolen' },
    );
    expect(index.search('kari', 9, NOW, null).ordinals).toEqual([0, 1, 2]);
    expect(index.search('kari', 9, NOW, 'Kulturskolen').ordinals).toEqual([1, 0, 2]);
    expect(index.search('kari', 9, NOW, 'Linjen som ingen har').ordinals).toEqual([0, 1, 2]);
  });

  const anybody = fc.integer({ min: 0, max: people.length - 1 });
  const whole = indexOf(people.map((person) => indexed(person)));
  prop(
    'an exact name is on the first page, and nobody with a typing error is before it',
    [anybody, fc.constantFrom(null, 'Parkering')],
    (i, line) => {
      const { name } = people[i]!;
      const parts = fold(name).split(/[^a-z]+/);
      const { ordinals } = whole.search(name, 20, NOW, line);
      const exact = ordinals.map((ordinal) => {
        const has = fold(people[ordinal]!.name).split(/[^a-z]+/);
        return parts.every((part) => has.includes(part));
      });
      expect(ordinals).toContain(i);
      expect(exact).toEqual(exact.toSorted((a, b) => Number(b) - Number(a)));
    },
    200,
  );
});

describe('changes', () => {
  const pool = people.slice(0, 400).map((person) => indexed(person));
  const change = fc.record({ slot: fc.nat(59), person: fc.option(fc.nat(pool.length - 1)), transfers: fc.nat(20) });
  const queries = [
    'a',
    'ka',
    'kari',
    'hansen',
    'barnehage',
    'opptak',
    'nav sagene',
    '22',
    '479',
    '22051',
    'oslo',
    'hansn',
    'kari@oslo',
    'parkerng',
    'christine',
    'thorbjorn',
    'alex',
    'pbe',
    'hanssen nav',
  ];

  prop(
    'an index that was changed equals one built anew',
    [fc.array(change, { maxLength: 120 })],
    (changes) => {
      const index = new PeopleIndex();
      const slots = new Map<number, Indexed>();
      for (const { slot, person, transfers } of changes) {
        const before = slots.get(slot);
        const after = person === null ? undefined : { ...pool[person]!, id: `slot${slot}`, transfers };
        if (before) index.remove(slot, before);
        if (after) index.add(slot, after);
        if (after) slots.set(slot, after);
        else slots.delete(slot);
        index.settle();
      }
      const fresh = new PeopleIndex();
      for (const [slot, person] of slots) fresh.add(slot, person);
      fresh.freeze();
      for (const query of queries) {
        const { ordinals, total } = fresh.search(query, 10, NOW);
        expect({ query, ...index.search(query, 10, NOW) }).toMatchObject({ query, ordinals, total });
      }
    },
    60,
  );
});
