/** tel:, callto: and sip: links, and what follows `--dial`, as something that the dial field can show. Pure. */

const longest = 128;
/** RFC 3966's visual separators, and the spaces (plain, no-break, narrow no-break) that people copy along. */
const separators = /[\s\u00a0\u202f().\-/]/gu;
const digits = /^\+?[0-9*#]{1,40}$/;
/** A SIP address without parameters or headers (RFC 3261 section 19.1.1); a host name, IPv4 or bracketed IPv6. */
const address = /^[\w.!~*'()&=+$,?/%-]{1,64}@(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function asNumber(text: string): string | null {
  const bare = text.replace(separators, '');
  return digits.test(bare) ? bare : null;
}

/** A SIP address: its user part where that is a number (the exchange knows its own), otherwise the whole address. */
function asAddress(text: string, scheme: 'sip' | 'sips'): string | null {
  const plain = text.split(/[;?]/, 1)[0] ?? '';
  // In a user part, parameters may stand before the @ (RFC 3261: `sip:+4722;phone-context=x@host`).
  const host = /@[^;?]*/.exec(text)?.[0] ?? '';
  const whole = plain.includes('@') ? plain : plain + host;
  const user = decoded(whole.split('@', 1)[0] ?? '');
  if (user === null) return null;
  const number = asNumber(user);
  if (number !== null) return number;
  return address.test(whole) ? `${scheme}:${whole}` : null;
}

/**
 * The number or SIP address to show in the dial field; null for what cannot be dialled. Whoever wrote the link is unknown:
 * the answer holds digits, `+`, `*`, `#` only, or is a plain SIP address without parameters and headers.
 */
export function dialTarget(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > longest) return null;
  const match = /^([a-z]+):(?:\/\/)?(.*)$/i.exec(trimmed);
  if (match === null) return asNumber(trimmed) ?? (trimmed.includes('@') ? asAddress(trimmed, 'sip') : null);
  const scheme = (match[1] ?? '').toLowerCase();
  // A browser that takes tel: for a web address adds a slash at the end.
  const rest = (match[2] ?? '').replace(/\/$/, '');
  switch (scheme) {
    case 'tel':
      // Parameters (;ext, ;phone-context) are for machines; what is before them is the number.
      return asNumber(decoded(rest.split(';', 1)[0] ?? '') ?? '');
    case 'callto':
      return rest.includes('@') ? asAddress(rest, 'sip') : asNumber(decoded(rest.split(/[;?]/, 1)[0] ?? '') ?? '');
    case 'sip':
    case 'sips':
      return rest.includes('@') ? asAddress(rest, scheme) : asNumber(decoded(rest.split(/[;?]/, 1)[0] ?? '') ?? '');
    default:
      return null;
  }
}

/** Whether an argument of a command line is a link that Samband handles. */
export function isDialLink(text: string): boolean {
  return /^(tel|callto|sips?):/i.test(text);
}
