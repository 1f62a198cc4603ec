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

/** Windows opens no longer link (2,081), and cuts off in silence. */
const LONGEST = 2000;
/** Of it, what the subject may take. */
const SUBJECT = 700;

/** Without control characters, which a mail program may take for the end of a header. */
const plain = (text: string) => text.toWellFormed().replace(/\p{Cc}+/gu, ' ');

/**
 * A template with what is named in it put in its place, once: a caller called `{agent}` stays that. What it does not know stays as it is
 * written. What is filled in stays on its line.
 */
export function fill(template: string, filling: Filling): string {
  return template.replace(/\{(caller|number|agent|person)\}/g, (_, name: keyof Filling) => plain(filling[name]).trim());
}

/** Percent-encoded in at most `most` characters; what does not fit is left out, and said by `…`. */
function encoded(text: string, most: number): string {
  const whole = encodeURIComponent(text);
  if (whole.length <= most) return whole;
  const mark = encodeURIComponent('…');
  let kept = '';
  for (const [sign] of text.matchAll(/\r\n|[^]/gu)) {
    const next = encodeURIComponent(sign);
    if (kept.length + next.length + mark.length > most) break;
    kept += next;
  }
  return kept + mark;
}

/** The body's own lines, ended by CRLF; otherwise without control characters. */
const lines = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map(plain)
    .join('\r\n');

/** RFC 6068: the address and each value percent-encoded, lines ended by CRLF. A body that is too long for a link is cut. */
export function mailLink(address: string, subject: string, body: string): string {
  const to = encodeURIComponent(plain(address)).replace(/%40/g, '@');
  const before = `mailto:${to}?subject=${encoded(plain(subject), SUBJECT)}&body=`;
  return before + encoded(lines(body), LONGEST - before.length);
}

/** RFC 5724, with the body as telephones and Windows' Phone Link understand it. */
export function smsLink(number: string, body: string): string {
  const before = `sms:${number}?body=`;
  return before + encoded(lines(body), LONGEST - before.length);
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
