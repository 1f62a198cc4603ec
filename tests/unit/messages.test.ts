/** What is written to a person, as links: nothing that is filled in gets out of its place. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Person } from '#contract';
import { fill, mailLink, messageLink, smsLink } from '../../main/services/colleagues/messages.ts';
import { reportMail, reportNote } from '../../main/services/colleagues/report.ts';
import { noteSubmission } from '#contract';
import { personOf } from './person.ts';

const filling = { caller: 'Åse Bø', number: '+4792211334', agent: 'Kari', person: 'Per' };

/** What a mail program makes of a link (RFC 6068). */
function mailOf(href: string) {
  const [, to = '', query = ''] = /^mailto:([^?]*)\?(.*)$/.exec(href) ?? [];
  const fields = query.split('&').map((field) => field.split('='));
  return { to: decodeURIComponent(to), fields: fields.map(([name, value = '']) => [name, decodeURIComponent(value)]) };
}

describe('templates', () => {
  test('are filled in once; what is not known stays', () => {
    expect(fill('{caller} ({number}) til {person}, hilsen {agent}. {dato} {Caller}', filling)).toBe(
      'Åse Bø (+4792211334) til Per, hilsen Kari. {dato} {Caller}',
    );
    expect(fill('{caller}', { ...filling, caller: '{agent}$&$1' })).toBe('{agent}$&$1');
  });

  test('a caller’s name stays on its line', () => {
    expect(fill('Fra {caller}.\nRing!', { ...filling, caller: 'Ola\r\nBcc: alle@example.no\u0000' })).toBe(
      'Fra Ola Bcc: alle@example.no.\nRing!',
    );
  });
});

describe('a mail link', () => {
  test('carries æøå, signs of its own syntax and line breaks', () => {
    const href = mailLink('åse.bø@example.no', 'Ring & svar = 100 %?', 'Hei Åse,\nring #22+1\r\ntakk\rK');
    expect(href).toMatch(/^[\w:@?=&%.~!*'()-]+$/);
    expect(href).toContain('subject=Ring%20%26%20svar%20%3D%20100%20%25%3F');
    expect(mailOf(href)).toEqual({
      to: 'åse.bø@example.no',
      fields: [
        ['subject', 'Ring & svar = 100 %?'],
        ['body', 'Hei Åse,\r\nring #22+1\r\ntakk\r\nK'],
      ],
    });
  });

  test('goes to one address, with one subject and one body, whatever is in them', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom('\r', '\n', '&', '?', ',', '%', '=', '\u0000', 'å', '\ud800'), fc.string()),
    });
    fc.assert(
      fc.property(text, text, text, (address, subject, body) => {
        const href = mailLink(address, subject, body);
        expect(href).toMatch(/^mailto:[^?&,;#\s]*\?subject=[^&?#\s]*&body=[^&?#\s]*$/);
        const { fields } = mailOf(href);
        expect(fields.map(([name]) => name)).toEqual(['subject', 'body']);
        expect(fields[0]?.[1]).not.toMatch(/\p{Cc}/u);
        expect(fields[1]?.[1]?.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  test('is never longer than Windows opens, and says where it was cut', () => {
    const long = mailLink('a@example.no', 'ø'.repeat(500), `${'å\n'.repeat(1000)}slutt`);
    expect(long.length).toBeLessThanOrEqual(2000);
    const [[, subject = ''] = [], [, body = ''] = []] = mailOf(long).fields;
    expect(subject).toMatch(/^ø{100,}…$/);
    expect(body).toMatch(/^(å\r\n)+å?…$/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (body_) => {
        expect(mailLink('a@example.no', body_, body_).length).toBeLessThanOrEqual(2000);
        expect(smsLink('+4792211334', body_).length).toBeLessThanOrEqual(2000);
      }),
    );
  });
});

describe('a message to a person', () => {
  const person = personOf({
    name: 'Per',
    email: 'per@example.no',
    numbers: [
      { kind: 'landline', value: '+4722051014' },
      { kind: 'mobile', value: '+4792211334' },
    ],
  });
  const words = { id: 'ring', name: { nb: 'Ring', nn: 'Ring', en: 'Call' }, subject: 'Ring {caller}', body: 'Hei {person}' };

  test('is a mail to the address, or an SMS to the mobile number', () => {
    expect(messageLink({ ...words, kind: 'mail' }, person, filling)).toEqual({
      ok: true,
      value: { href: 'mailto:per@example.no?subject=Ring%20%C3%85se%20B%C3%B8&body=Hei%20Per' },
    });
    expect(messageLink({ ...words, kind: 'sms' }, person, filling)).toEqual({
      ok: true,
      value: { href: 'sms:+4792211334?body=Hei%20Per' },
    });
  });

  test('needs an address, or a mobile number', () => {
    const bare: Person = { ...person, email: null, numbers: person.numbers.slice(0, 1) };
    for (const kind of ['mail', 'sms'] as const)
      expect(messageLink({ ...words, kind }, bare, filling)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('a report', () => {
  const person = personOf({ name: 'Åse Bø', unit: 'Inntak', keywords: [], numbers: [{ kind: 'short', value: '5041' }] });
  const report = {
    id: '5f0c7a52-5d0e-4a6e-9f5a-000000000001',
    personId: person.id,
    kind: 'wrongNumber',
    text: ' Ingen svarer ',
  } as const;

  test('says what is wrong, with whom, and what the directory has now', () => {
    const note = reportNote(report, person, 'PRK');
    expect(noteSubmission.parse(note)).toEqual(note);
    expect(note).toMatchObject({
      id: report.id,
      target: { kind: 'newCase', subject: 'Personkatalogen: Feil nummer – Åse Bø', queue: 'PRK', origin: 'directory' },
      text: `Ingen svarer\n\nFeil nummer: Åse Bø\nInntak\n5041\nStikkord: (ingen)\nKatalogens nøkkel: ${person.id}`,
    });
    expect(reportNote(report, person, undefined).target).not.toHaveProperty('queue');
    expect(mailOf(reportMail(report, person, 'katalog@example.no'))).toMatchObject({
      to: 'katalog@example.no',
      fields: [
        ['subject', 'Personkatalogen: Feil nummer – Åse Bø'],
        ['body', expect.stringContaining('Ingen svarer')],
      ],
    });
  });

  test('fits whatever the directory and the agent write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), fc.string({ maxLength: 2000 }), (name, text) => {
        const note = reportNote({ ...report, text }, { ...person, name }, 'PRK');
        expect(noteSubmission.safeParse(note).success).toBe(true);
        expect(reportMail({ ...report, text }, { ...person, name }, 'a@example.no').length).toBeLessThanOrEqual(2000);
      }),
    );
  });
});
