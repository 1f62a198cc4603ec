import { expect, test } from 'vitest';
import { generatePeople, peopleLdif } from '../../demo/people/index.ts';

const today = new Date('2026-11-22T12:00:00Z');
const people = generatePeople({ count: 10_000, seed: 1, today });

test('the same seed gives the same people, another gives others', () => {
  expect(generatePeople({ count: 200, seed: 1, today })).toEqual(people.slice(0, 200));
  expect(generatePeople({ count: 200, seed: 2, today })).not.toEqual(people.slice(0, 200));
});

test('numbers, ids and e-mail addresses are one person’s each', () => {
  for (const key of ['id', 'email', 'landline', 'mobile', 'shortNumber'] as const) {
    const values = people.map((person) => person[key]).filter((value) => value !== null);
    expect(new Set(values).size, key).toBe(values.length);
  }
});

test('absences, deputies and letters are there as often as they should be', () => {
  const share = (found: (person: (typeof people)[number]) => boolean) => people.filter(found).length / people.length;
  expect(share(({ absence }) => absence !== null)).toBeCloseTo(0.06, 1);
  expect(share(({ deputyId }) => deputyId !== null)).toBeCloseTo(0.3, 1);
  expect(share(({ name }) => /[æøåÆØÅ]/.test(name))).toBeGreaterThan(0.2);
  for (const { absence } of people) if (absence) expect(absence).toMatch(/^[A-ZØ]{3}:( 2026-1[12]-\d\d)?$/);
});

test('a deputy is a colleague of the same unit', () => {
  const byId = new Map(people.map((person) => [person.id, person]));
  for (const { deputyId, unit } of people) if (deputyId !== null) expect(byId.get(deputyId)?.unit).toBe(unit);
});

test('LDIF keeps lines whole and encodes what is not plain', () => {
  for (const entry of peopleLdif(people.slice(0, 300), 'dc=lab,dc=test')) {
    for (const line of entry.trimEnd().split('\n')) expect(line).toMatch(/^[A-Za-z]+:{1,2} [\x21-\x7e][\x20-\x7e]*$/);
  }
});
