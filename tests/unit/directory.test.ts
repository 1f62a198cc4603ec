import { describe, expect, test } from 'vitest';
import { changedSince, parseCursor, sameCsns, secondsBefore } from '../../main/services/directory/ldap/cursor.ts';
import { dnKey, entryReader } from '../../main/services/directory/ldap/entry.ts';
import { absenceOf, numberValue } from '../../main/services/directory/people.ts';
import type { Trouble } from '../../main/services/directory/source.ts';
import { nextRefreshMs, plausibleLoad, plausiblyGone } from '../../main/services/directory/timing.ts';
import { normaliseNumber } from '../../main/services/numbers/index.ts';
import { settingsFile } from '../../main/services/settings/schema.ts';

describe('when to read again', () => {
  const ok = { failures: 0, refused: false };
  test.each([
    ['all is well', 60, ok, 0, 54_000],
    ['all is well', 60, ok, 1, 66_000],
    ['the first failure', 60, { failures: 1, refused: false }, 0, 1000],
    ['the first failure', 60, { failures: 1, refused: false }, 1, 2000],
    ['the fourth', 60, { failures: 4, refused: false }, 1, 16_000],
    ['many', 60, { failures: 1000, refused: false }, 1, 300_000],
    ['many, of a slow source', 3600, { failures: 1000, refused: false }, 1, 3_600_000],
    ['a refused password is not tried until the account is locked', 60, { failures: 1, refused: true }, 0.5, 900_000],
  ])('%s (every %i s)', (_, seconds, outcome, fraction, expected) => {
    expect(nextRefreshMs(seconds, outcome, fraction)).toBeCloseTo(expected);
  });

  test.each([
    [10, 1, true],
    [10, 9, true],
    [10, 10, false],
    [1000, 200, true],
    [1000, 201, false],
    [100_000, 20_000, true],
  ])('of %i people %i can be gone: %s', (people, missing, expected) => expect(plausiblyGone(people, missing)).toBe(expected));

  test.each([
    [0, 0, false],
    [0, 1, true],
    [1000, 500, true],
    [1000, 499, false],
  ])('after %i, a load of %i counts: %s', (before, loaded, expected) => expect(plausibleLoad(before, loaded)).toBe(expected));
});

describe('absences and numbers', () => {
  test.each([
    ['', null],
    ['  ', null],
    ['SYK:', { kind: 'away', until: null }],
    ['syk: 2026-12-01', { kind: 'away', until: new Date(2026, 11, 1).toISOString() }],
    ['MØT;', { kind: 'meeting', until: null }],
    ['FER: 2026-12-01', { kind: 'holiday', until: new Date(2026, 11, 1).toISOString() }],
    ['borte til 2026-12-01 ', { kind: 'away', until: new Date(2026, 11, 1).toISOString() }],
    ['2026-12-01T09:00:00Z', { kind: 'away', until: '2026-12-01T09:00:00.000Z' }],
    ['FER: 2026-13-45T99:00:00Z', { kind: 'holiday', until: null }],
  ])('%j', (text, expected) => expect(absenceOf(text)).toEqual(expected));

  test.each([
    '22 05 10 14',
    '+47 22051014',
    '0047 22 05 10 14',
    '+4792211334',
    '02180',
    '5041',
    '+46 8 123 456 78',
    '(22) 05 10 14',
    'x',
    '',
  ])('the short way for %j says what the library says', (text) => {
    const { e164, digits } = normaliseNumber(text, 'NO');
    expect(numberValue(text, 'NO')).toBe(e164 ?? (digits === '' ? null : digits));
  });
});

describe('LDAP', () => {
  const csn = (time: string, provider = '000') => `${time}.000001Z#000000#${provider}#000000`;

  test.each([
    ['one provider', [csn('20261122104539')], [csn('20261122104600')], '20261122104539Z'],
    [
      'only the second moved',
      [csn('20261101000000', '001'), csn('20261122104539', '002')],
      [csn('20261101000000', '001'), csn('20261122104600', '002')],
      '20261122104539Z',
    ],
    [
      'both moved',
      [csn('20261101000000', '001'), csn('20261122104539', '002')],
      [csn('20261122104700', '001'), csn('20261122104600', '002')],
      '20261101000000Z',
    ],
    ['a new provider', [csn('20261101000000', '001')], [csn('20261101000000', '001'), csn('20261122104600', '002')], null],
    ['an earlier time, by a backup', [csn('20261122104539')], [csn('20261122104500')], null],
    ['nonsense', ['x'], [csn('20261122104600')], null],
  ])('what has changed since: %s', (_, before, now, expected) => expect(changedSince(before, now)).toBe(expected));

  test('cursors', () => {
    expect(sameCsns([csn('1', '1'), csn('2', '2')], [csn('2', '2'), csn('1', '1')])).toBe(true);
    expect(secondsBefore('20261122104505Z', 10)).toBe('20261122104455Z');
    expect(secondsBefore('20261122104505.123Z', 0)).toBe('20261122104505Z');
    expect(secondsBefore('', 10)).toBeNull();
    for (const text of ['', '{}', 'null', '17 2', '{"csns":1}']) expect(parseCursor(text)).toBeNull();
  });

  test.each([
    ['uid=p1, OU=People,dc=Lab , dc=test', 'uid=p1,ou=people,dc=lab,dc=test'],
    ['cn=Bø\\, Kari,ou=x', 'cn=bø\\, kari,ou=x'],
  ])('%s in one spelling', (dn, expected) => expect(dnKey(dn)).toBe(expected));

  const settings = settingsFile.parse({ directory: { kind: 'ldap', url: 'ldap://x', bindDn: 'a', baseDn: 'b' } }).directory;
  if (settings?.kind !== 'ldap') throw new Error('not LDAP');
  const { mapping } = settings;
  const read = (change: Record<string, readonly string[]>, unitNames = {}, tell?: (trouble: Trouble) => void) => {
    const attributes = {
      entryuuid: ['u1'],
      cn: ['Kari  Bø'],
      kkkeyword: ['ett'],
      telephonenumber: ['22 05 10 14', '22051014'],
    };
    const entry = { dn: 'uid=p1,ou=people', attributes: new Map(Object.entries({ ...attributes, ...change })) };
    return entryReader({ key: 'entryUUID', mapping, unitNames, country: 'NO' })(entry, tell);
  };

  test('an entry becomes a person: one value or several, each number once, a name divided where it is not', () => {
    expect(read({})).toMatchObject({
      id: 'u1',
      name: 'Kari Bø',
      givenName: 'Kari',
      familyName: 'Bø',
      keywords: ['ett'],
      numbers: [{ kind: 'landline', value: '+4722051014' }],
      email: null,
      deputy: null,
      absence: null,
    });
    expect(
      read({ kkkeyword: ['ett', 'to; tre', 'ett'], secretary: ['cn=Ola Moe,ou=x'], manager: ['Kari Sjef'] }),
    ).toMatchObject({
      keywords: ['ett', 'to', 'tre'],
      deputy: { reference: 'cn=ola moe,ou=x', name: 'Ola Moe' },
      manager: { reference: null, name: 'Kari Sjef' },
    });
  });

  test('codes of units become names, whatever their letter case', () => {
    const person = read({ ou: ['bgs'], o: ['ukjent'] }, { BGS: 'Barnehageseksjonen' });
    expect(person).toMatchObject({ unit: 'Barnehageseksjonen', agency: 'ukjent' });
  });

  test('an entry without a key or a name is nobody, and that is told; a number that is none is told, and the person kept', () => {
    const told: Trouble[] = [];
    const tell = (trouble: Trouble) => void told.push(trouble);
    expect(read({ entryuuid: [] }, {}, tell)).toBeNull();
    expect(read({ cn: [' '] }, {}, tell)).toBeNull();
    expect(read({ telephonenumber: ['spør i resepsjonen'] }, {}, tell)).toMatchObject({ name: 'Kari Bø', numbers: [] });
    expect(told.map(({ what }) => what)).toEqual(['no-key', 'no-name', 'number']);
  });
});
