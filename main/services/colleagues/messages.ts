/** Messages by template, and what is reported by mail, as links that the agent's own programs open. Pure. */
import { fail, ok, type Person, type Result } from '#contract';
import type { MessageSettings } from '../settings/index.ts';

/** What a template may name between braces. Empty where it is not known. */
export interface Filling {
  readonly caller: string;
  readonly number: string;
  readonly agent: string;
  readonly person: string;
}

/** A template with what is named in it put in its place. What it does not know stays as it is written. */
export function fill(template: string, filling: Filling): string {
  return template.replace(/\{(caller|number|agent|person)\}/g, (_, name: keyof Filling) => filling[name]);
}

/** RFC 6068: the address and each value percent-encoded, lines ended by CRLF. */
export function mailLink(address: string, subject: string, body: string): string {
  const encoded = (text: string) => encodeURIComponent(text.replace(/\r?\n/g, '\r\n'));
  return `mailto:${encodeURIComponent(address).replace(/%40/g, '@')}?subject=${encoded(subject)}&body=${encoded(body)}`;
}

/** RFC 5724, with the body as telephones and Windows' Phone Link understand it. */
export function smsLink(number: string, body: string): string {
  return `sms:${number}?body=${encodeURIComponent(body)}`;
}

/** The link that writes this to a person. not-found: the person has no e-mail address, or no mobile number. */
export function messageLink(template: MessageSettings, person: Person, filling: Filling): Result<{ href: string }> {
  const body = fill(template.body, filling);
  if (template.kind === 'mail') {
    if (person.email === null) return fail('not-found', 'The directory has no e-mail address of this person.');
    return ok({ href: mailLink(person.email, fill(template.subject, filling), body) });
  }
  const mobile = person.numbers.find(({ kind }) => kind === 'mobile');
  return mobile
    ? ok({ href: smsLink(mobile.value, body) })
    : fail('not-found', 'The directory has no mobile number of this person.');
}
