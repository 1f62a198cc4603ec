import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isWithheld,
  nationalDigits,
  normaliseNumber,
  numberPart,
  sameNumber,
  spellings,
} from '../../main/services/numbers/index.ts';

const table: [text: string | null, e164: string | null, digits: string][] = [
  ['22051014', '+4722051014', '4722051014'],
  ['22 05 10 14', '+4722051014', '4722051014'],
  ['922 11 334', '+4792211334', '4792211334'],
  ['922.11.334', '+4792211334', '4792211334'],
  ['922-11-334', '+4792211334', '4792211334'],
  ['922\u00a011\u00a0334', '+4792211334', '4792211334'],
  ['+4722051014', '+4722051014', '4722051014'],
  ['+47 22 05 10 14', '+4722051014', '4722051014'],
  ['004722051014', '+4722051014', '4722051014'],
  ['00 47 22 05 10 14', '+4722051014', '4722051014'],
  ['(+47) 22 05 10 14', '+4722051014', '4722051014'],
  ['(22) 05 10 14', '+4722051014', '4722051014'],
  ['4722051014', '+4722051014', '4722051014'],
  ['sip:+4722051014@lab.test', '+4722051014', '4722051014'],
  ['sip:22051014@10.0.0.1:5060;user=phone', '+4722051014', '4722051014'],
  ['"Kari Nordmann" <sip:+4722051014@lab.test;user=phone>;tag=1', '+4722051014', '4722051014'],
  ['sips:%2B4722051014@lab.test', '+4722051014', '4722051014'],
  ['tel:+47-22-05-10-14', '+4722051014', '4722051014'],
  ['tel:22051014;phone-context=+47', '+4722051014', '4722051014'],
  ['+46 8 508 000 00', '+46850800000', '46850800000'],
  ['0046850800000', '+46850800000', '46850800000'],
  ['+44 (0)20 7946 0000', '+442079460000', '442079460000'],
  // Short and internal numbers: no E.164.
  ['02180', null, '02180'],
  ['21802', null, '21802'],
  ['116117', null, '116117'],
  ['113', null, '113'],
  ['sip:1001@lab.test', null, '1001'],
  // No numbers.
  ['', null, ''],
  ['   ', null, ''],
  [null, null, ''],
  ['anonymous', null, ''],
  ['sip:anonymous@anonymous.invalid', null, ''],
  ['"Anonymous" <sip:Anonymous@anonymous.invalid>', null, ''],
  ['Restricted', null, ''],
  ['agent2', null, ''],
  ['sip:agent2@lab.test', null, ''],
  ['()', null, ''],
];

describe('a number as exchanges and people write it', () => {
  test.each(table)('%j → %j, %j', (text, e164, digits) => {
    expect(normaliseNumber(text, 'NO')).toEqual({ e164, digits });
  });

  test('a number without a country code is taken for the policy’s country', () => {
    expect(normaliseNumber('0850800000', 'SE').e164).toBe('+46850800000');
    expect(normaliseNumber('0850800000', 'se').e164).toBe('+46850800000');
    expect(normaliseNumber('22051014', 'XX').e164).toBe('+4722051014');
  });

  test.each([
    [null, true],
    ['', true],
    ['sip:anonymous@anonymous.invalid', true],
    ['Unavailable', true],
    ['02180', false],
    ['agent2', false],
  ])('withheld: %j → %j', (text, expected) => {
    expect(isWithheld(text)).toBe(expected);
  });

  test('the national part, and being the same line', () => {
    expect(nationalDigits(normaliseNumber('+4722051014', 'NO'))).toBe('22051014');
    expect(nationalDigits(normaliseNumber('02180', 'NO'))).toBe('02180');
    expect(sameNumber(normaliseNumber('22 05 10 14', 'NO'), normaliseNumber('0047 22051014', 'NO'))).toBe(true);
    expect(sameNumber(normaliseNumber('22051014', 'NO'), normaliseNumber('+4622051014', 'NO'))).toBe(false);
    expect(sameNumber(normaliseNumber('', 'NO'), normaliseNumber('anonymous', 'NO'))).toBe(false);
    expect(numberPart('"A" <sip:1@b;x=y>')).toBe('1');
  });

  test('every spelling of a number is that number', () => {
    for (const text of ['+4722051014', '+4792211334', '+46850800000']) {
      const number = normaliseNumber(text, 'NO');
      const country = text.startsWith('+46') ? 'SE' : 'NO';
      expect(spellings(number).length).toBeGreaterThan(3);
      for (const spelling of spellings(number)) expect(normaliseNumber(spelling, country)).toEqual(number);
    }
    expect(spellings(normaliseNumber('922 11 334', 'NO'))).toEqual(
      expect.arrayContaining(['+4792211334', '92211334', '922 11 334', '92 21 13 34', '+47 922 11 334', '004792211334']),
    );
    expect(spellings(normaliseNumber('02180', 'NO'))).toEqual(['02180']);
    expect(spellings(normaliseNumber('', 'NO'))).toEqual([]);
  });

  test('anything at all is read without a throw, and reading is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[+\d ()/-]{0,24}$/)), (text) => {
        const once = normaliseNumber(text, 'NO');
        expect(once.digits).toMatch(/^\d*$/);
        if (once.e164 !== null) expect(normaliseNumber(once.e164, 'NO')).toEqual(once);
      }),
    );
  });

  test('however an eight-digit number is spaced, it is the same number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000_000, max: 79_999_999 }),
        fc.array(fc.constantFrom('', ' ', '-', '.', '\u00a0'), { minLength: 8, maxLength: 8 }),
        fc.constantFrom('', '+47', '0047', '+47 '),
        (number, gaps, prefix) => {
          const written = prefix + Array.from(String(number), (digit, i) => digit + gaps[i]).join('');
          expect(normaliseNumber(written, 'NO').e164).toBe(`+47${number}`);
        },
      ),
    );
  });
});
