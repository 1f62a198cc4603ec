/** What is said over LDAP: answers as this client reads them, and controls as it writes them. The requests are ldapts' own. */
import { Control, type BerWriter } from 'ldapts';
import { Ber } from './ber.ts';

/** An entry: its values by the attribute's name in lower case, in the server's order. Attributes without values are left out. */
export interface Entry {
  readonly dn: string;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

export type Controls = ReadonlyMap<string, Buffer>;

/** One message of an answer. `code`: the result code (RFC 4511 appendix A). */
export type Reply =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly controls: Controls }
  | { readonly kind: 'intermediate'; readonly name: string; readonly value: Buffer }
  | { readonly kind: 'done'; readonly code: number; readonly diagnostic: string; readonly controls: Controls };

/** A control with a value that is written as it is. */
export class RawControl extends Control {
  readonly #value: Buffer | null;

  constructor(type: string, critical: boolean, value: Buffer | null) {
    super(type, { critical });
    this.#value = value;
  }

  protected override writeControl(writer: BerWriter): void {
    if (this.#value) writer.writeBuffer(this.#value, 0x04);
  }
}

const ENTRY = 0x64;
const REFERENCE = 0x73;
const INTERMEDIATE = 0x79;
const CONTROLS = 0xa0;
const SEQUENCE = 0x30;
const SET = 0x31;
const OCTETS = 0x04;

/** Attributes whose values are no text: given in hexadecimal. */
const BINARY = new Set(['objectguid', 'objectsid', 'invocationid']);
const NO_CONTROLS: Controls = new Map();
const lowerCase = new Map<string, string>();

/** An attribute's name in lower case; a directory has few of them. */
function nameOf(ber: Ber): string {
  const text = ber.bytes.toString('latin1', ber.start, ber.stop);
  const known = lowerCase.get(text);
  if (known !== undefined) return known;
  const name = text.toLowerCase();
  if (lowerCase.size < 1000) lowerCase.set(text, name);
  return name;
}

function entryOf(ber: Ber): Entry {
  const dn = ber.next(OCTETS).text();
  const list = ber.next(SEQUENCE).inside();
  const attributes = new Map<string, string[]>();
  while (list.more) {
    const attribute = list.next(SEQUENCE).inside();
    const name = nameOf(attribute.next(OCTETS));
    const set = attribute.next(SET).inside();
    if (!set.more) continue;
    const binary = BINARY.has(name);
    const values: string[] = [];
    while (set.more) {
      set.next(OCTETS);
      values.push(set.bytes.toString(binary ? 'hex' : 'utf8', set.start, set.stop));
    }
    attributes.set(name, values);
  }
  return { dn, attributes };
}

function controlsOf(message: Ber): Controls {
  if (message.peek() !== CONTROLS) return NO_CONTROLS;
  const list = message.next().inside();
  const controls = new Map<string, Buffer>();
  while (list.more) {
    const control = list.next(SEQUENCE).inside();
    const type = control.next(OCTETS).text();
    let value: Buffer = Buffer.alloc(0);
    while (control.more) if (control.next().tag === OCTETS) value = control.octets();
    controls.set(type, value);
  }
  return controls;
}

/** Reads a message; null: a continuation reference, which is not followed. Throws a BerError. */
export function readReply(bytes: Buffer): { id: number; reply: Reply | null } {
  const message = new Ber(bytes).next(SEQUENCE).inside();
  const id = message.next(0x02).integer();
  const operation = message.next();
  const { tag } = operation;
  const body = operation.inside();
  if (tag === REFERENCE) return { id, reply: null };
  if (tag === ENTRY) {
    const entry = entryOf(body);
    return { id, reply: { kind: 'entry', entry, controls: controlsOf(message) } };
  }
  if (tag === INTERMEDIATE) {
    let name = '';
    let value: Buffer = Buffer.alloc(0);
    while (body.more) {
      body.next();
      if (body.tag === 0x80) name = body.text();
      if (body.tag === 0x81) value = body.octets();
    }
    return { id, reply: { kind: 'intermediate', name, value } };
  }
  // Bind, extended and search results begin alike (RFC 4511 section 4.1.9).
  const code = body.next(0x0a).integer();
  body.next(OCTETS);
  const diagnostic = body.next(OCTETS).text();
  return { id, reply: { kind: 'done', code, diagnostic, controls: controlsOf(message) } };
}
