/** Which links the system may be asked to open. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailLink, smsLink } from '../../main/services/colleagues/messages.ts';
import { isOpenable } from '../../main/shell/links.ts';

describe('a link to another program', () => {
  it.each([
    'mailto:per@example.no',
    'mailto:per@example.no?subject=Ring&body=Hei%0D%0A%C3%A5',
    'MAILTO:per@example.no',
    'sms:+4792211334',
    'sms:+4792211334?body=Hei%20%26',
    'tel:+4722051014',
    'tel:02180',
  ])('may be %s', (link) => expect(isOpenable(link)).toBe(true));

  it.each([
    '',
    'mailto:',
    'mailto:?subject=x',
    'mailto:a@b.no?attach=/etc/passwd',
    'mailto:a@b.no?subject=x&attachment=C:%5Cx',
    'mailto:a@b.no?cc=alle@b.no',
    'mailto:a@b.no" --exec',
    'mailto:a b@c.no',
    'mailto://server/path',
    'mailto:a@b.no#x',
    `mailto:a@b.no?body=${'x'.repeat(2081)}`,
    'sms:nobody',
    'sms:+4792211334?subject=x',
    'tel:+4722051014?x=1',
    'tel:+4722051014;phone-context=x',
    'tel://22051014',
    'https://example.no/',
    'http://example.no/?mailto:a@b.no',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'app://samband/',
    'ms-msdt:/id',
    'smb://server/share',
    'callto:22051014',
    'sip:a@b.no',
    'constructor:x',
    '\\\\server\\share',
  ])('is never %s', (link) => expect(isOpenable(link)).toBe(false));

  it('may be whatever the services make for a person', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (address, subject, body) => {
        expect(isOpenable(mailLink(address, subject, body))).toBe(true);
        expect(isOpenable(smsLink('+4792211334', body))).toBe(true);
      }),
    );
  });

  it('is one of three kinds, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.string().map((text) => `mailto:${text}`),
        ),
        (link) => {
          if (isOpenable(link)) expect(link).toMatch(/^(mailto|sms|tel):/i);
        },
      ),
    );
  });
});
