import { Parser } from 'sip.js/lib/core/messages/parser.js';
import { IncomingRequestMessage } from 'sip.js/lib/core/messages/incoming-request-message.js';
import { IncomingResponseMessage } from 'sip.js/lib/core/messages/incoming-response-message.js';

export interface Header {
  /** In its long form, as spelt by the sender. */
  readonly name: string;
  readonly value: string;
}

interface Common {
  /** In the order of arrival; Via, Route, Record-Route and Contact one a row. A proxy forwards what it does not know untouched. */
  readonly headers: readonly Header[];
  readonly body: string;
  /** The branch of the topmost Via. */
  readonly branch: string;
  readonly callId: string;
  readonly cseq: number;
  readonly cseqMethod: string;
  readonly fromTag: string;
  readonly fromUser: string;
  readonly toUser: string;
  readonly toTag: string | null;
}

export interface SipRequest extends Common {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly uriUser: string | null;
  readonly uriHost: string;
}

export interface SipResponse extends Common {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/** RFC 3261 §7.3.3 and later. */
const compact: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};
const listed = new Set(['via', 'route', 'record-route', 'contact']);

/** Splits a header's list at the commas that are in neither quotes nor angle brackets. */
export function splitList(value: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let inAngle = false;
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charAt(i);
    if (quoted && c === '\\') {
      part += c + value.charAt(i + 1);
      i += 1;
      continue;
    }
    if (c === '"') quoted = !quoted;
    else if (!quoted && c === '<') inAngle = true;
    else if (!quoted && c === '>') inAngle = false;
    if (c === ',' && !quoted && !inAngle) {
      parts.push(part.trim());
      part = '';
    } else part += c;
  }
  parts.push(part.trim());
  return parts.filter((p) => p !== '');
}

function readHeaders(text: string): readonly Header[] {
  // Folded lines (RFC 3261 §7.3.1) are unfolded first.
  const lines = text
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .slice(1);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    const spelt = line.slice(0, colon).trim();
    const name = compact[spelt.toLowerCase()] ?? spelt;
    const value = line.slice(colon + 1).trim();
    if (!listed.has(name.toLowerCase())) return [{ name, value }];
    return splitList(value).map((one) => ({ name, value: one }));
  });
}

const silent = { warn: () => undefined, error: () => undefined };

/**
 * Reads one WebSocket message as one SIP message (RFC 7118 §5) with SIP.js's parser. Null: not SIP, or without what a proxy needs to
 * answer it or pass it on.
 */
export function parse(text: string): SipMessage | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  try {
    const parsed: unknown = Parser.parseMessage(text, silent as unknown as Parameters<typeof Parser.parseMessage>[1]);
    if (!(parsed instanceof IncomingRequestMessage) && !(parsed instanceof IncomingResponseMessage)) return null;
    const headers = readHeaders(text.slice(0, end));
    if (headers.some((h) => !/^[\w\-.!%*+`'~]+$/.test(h.name))) return null;
    const cseq = /^(\d{1,10})\s+([A-Z]+)$/.exec(headers.find((h) => h.name.toLowerCase() === 'cseq')?.value ?? '');
    // Of several Vias in one header SIP.js's parser names the last one's branch; a proxy answers to the topmost.
    const branch = /;\s*branch\s*=\s*([^;,\s]+)/i.exec(headers.find((h) => h.name.toLowerCase() === 'via')?.value ?? '')?.[1];
    const required = branch && parsed.callId && parsed.fromTag && parsed.from && parsed.to && cseq;
    if (!required || !cseq?.[1] || !cseq[2]) return null;
    const common = {
      headers,
      body: text.slice(end + 4),
      branch,
      callId: parsed.callId,
      cseq: Number(cseq[1]),
      cseqMethod: cseq[2],
      fromTag: parsed.fromTag,
      fromUser: parsed.from.uri.user ?? '',
      toUser: parsed.to.uri.user ?? '',
      toTag: parsed.toTag || null,
    };
    if (parsed instanceof IncomingResponseMessage) {
      const status = Number(parsed.statusCode);
      if (!(status >= 100 && status <= 699)) return null;
      return { ...common, kind: 'response', status, reason: parsed.reasonPhrase ?? '' };
    }
    if (!parsed.ruri || parsed.method !== cseq[2]) return null;
    const { ruri } = parsed;
    const uri = text.slice(0, text.indexOf('\r\n')).split(' ')[1] ?? '';
    return { ...common, kind: 'request', method: parsed.method, uri, uriUser: ruri.user ?? null, uriHost: ruri.host };
  } catch {
    // The generated grammar throws on some of what is not SIP, and on nesting that exhausts the stack.
    return null;
  }
}

/** The first header of that name, or null. */
export function header(message: { readonly headers: readonly Header[] }, name: string): string | null {
  return message.headers.find((h) => h.name.toLowerCase() === name.toLowerCase())?.value ?? null;
}

/** Every header of that name, in order. */
export function headersOf(message: { readonly headers: readonly Header[] }, name: string): readonly string[] {
  return message.headers.filter((h) => h.name.toLowerCase() === name.toLowerCase()).map((h) => h.value);
}

/** The headers without those of that name. */
export function without(headers: readonly Header[], name: string): readonly Header[] {
  return headers.filter((h) => h.name.toLowerCase() !== name.toLowerCase());
}

/** The headers with the topmost one of that name taken away. */
export function withoutFirst(headers: readonly Header[], name: string): readonly Header[] {
  const at = headers.findIndex((h) => h.name.toLowerCase() === name.toLowerCase());
  return at < 0 ? headers : headers.toSpliced(at, 1);
}

function write(first: string, headers: readonly Header[], body: string): string {
  const rest = without(headers, 'Content-Length').map((h) => `${h.name}: ${h.value}\r\n`);
  return `${first}\r\n${rest.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

export function writeRequest(method: string, uri: string, headers: readonly Header[], body = ''): string {
  return write(`${method} ${uri} SIP/2.0`, headers, body);
}

export function writeResponse(status: number, reason: string, headers: readonly Header[], body = ''): string {
  return write(`SIP/2.0 ${status} ${reason}`, headers, body);
}

/** The exchange's own answer to a request (RFC 3261 §8.2.6). `tag` marks its To where it has none. */
export function reply(request: SipRequest, status: number, reason: string, tag: string, extra: readonly Header[] = []): string {
  const copied = request.headers
    .filter((h) => ['via', 'from', 'to', 'call-id', 'cseq'].includes(h.name.toLowerCase()))
    .map((h) =>
      h.name.toLowerCase() === 'to' && request.toTag === null && status !== 100
        ? { name: h.name, value: `${h.value};tag=${tag}` }
        : h,
    );
  return writeResponse(status, reason, [...copied, ...extra]);
}

/** The address inside a name-addr or addr-spec: `"A" <sip:a@b;x>;y` gives `sip:a@b;x`. */
export function addressOf(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '';
}

/** What tells one contact from another: user, host and port, without parameters. */
export function contactKey(uri: string): string {
  return (/^sips?:([^;?>]+)/i.exec(uri)?.[1] ?? uri).toLowerCase();
}

/** The user part as its owner writes it; what is wrongly escaped stays as it is. */
export function unescapeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
