/** Who calls, and what for: read from headers that anybody may have written; pure. */
import type { RemoteParty } from '../phone.ts';

const WITHHELD = /^(anonymous|unknown|unavailable|restricted|private)$/i;

/** The first of the P-Asserted-Identity values that names somebody (RFC 3325), else From. */
export function remotePartyOf(asserted: readonly string[], from: string): RemoteParty {
  const parties = asserted.flatMap(splitList).map(parse);
  const fromParty = parse(from);
  const party = parties.find((p) => p.number !== null) ?? fromParty;
  return { number: party.number, name: party.name ?? (party.number === fromParty.number ? fromParty.name : null) };
}

/** A name-addr or addr-spec (RFC 3261 §25.1) with a sip, sips or tel URI. */
function parse(header: string): RemoteParty {
  const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>/.exec(header);
  const uri = match === null ? (header.split(';')[0] ?? '').trim() : match[3]!;
  const name = (match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2] ?? '').trim();
  const user = /^sips?:([^@]*)@/i.exec(uri)?.[1] ?? /^tel:([^;]*)/i.exec(uri)?.[1] ?? '';
  const number = unescape(user.split(/[;:]/)[0] ?? '');
  const withheld = number === '' || WITHHELD.test(number) || /@anonymous\.invalid/i.test(uri);
  return {
    number: withheld ? null : number.slice(0, 200),
    name: name === '' || WITHHELD.test(name) ? null : name.slice(0, 200),
  };
}

/** Header values may be joined with commas (RFC 3261 §7.3.1), which names may hold too. */
function splitList(value: string): string[] {
  return value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? [];
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A header's text, or null when there is nothing in it. */
export function textHeader(value: string | undefined): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text.slice(0, 100);
}

/** Whole seconds, or null for anything that is not a sensible number of them. */
export function secondsHeader(value: string | undefined): number | null {
  return /^\s*\d{1,6}(\.\d+)?\s*$/.test(value ?? '') ? Math.round(Number(value)) : null;
}

/** A CANCEL's Reason (RFC 3326): was the call answered by somebody else? Q.850 cause 26 is Asterisk's way to say it. */
export function answeredElsewhere(reasons: readonly string[]): boolean {
  return reasons.some(
    (reason) => /SIP\s*;[^,]*cause\s*=\s*200\b/i.test(reason) || /Q\.850\s*;[^,]*cause\s*=\s*26\b/i.test(reason),
  );
}

/** Whether a Supported header names Replaces (RFC 3891 §7.3). */
export function takesReplaces(supported: readonly string[]): boolean {
  return supported.some((value) => value.split(',').some((option) => option.trim().toLowerCase() === 'replaces'));
}
