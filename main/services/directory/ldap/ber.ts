/** Reading BER (X.690) as LDAP uses it: definite lengths, tags of one byte. */

/** The bytes are not what LDAP says they are. */
export class BerError extends Error {}

/** Walks over the elements of `bytes` in [at, end) without copying. The element that was read last is `tag`, `start`, `stop`. */
export class Ber {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;
  tag = 0;
  start = 0;
  stop = 0;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get more(): boolean {
    return this.at < this.end;
  }

  /** Reads the next element's head and steps over it. Throws a BerError when there is none, or it is another than `tag`. */
  next(tag?: number): this {
    const header = elementAt(this.bytes, this.at, this.end);
    if (header === null || header.stop > this.end) throw new BerError('An element ends too early.');
    this.tag = this.bytes[this.at] ?? 0;
    if (tag !== undefined && tag !== this.tag)
      throw new BerError(`Expected ${tag.toString(16)}, read ${this.tag.toString(16)}.`);
    this.start = header.start;
    this.stop = this.at = header.stop;
    return this;
  }

  /** The tag of the next element; 0 at the end. */
  peek(): number {
    return this.more ? (this.bytes[this.at] ?? 0) : 0;
  }

  /** What is inside the element that was read last. */
  inside(): Ber {
    return new Ber(this.bytes, this.start, this.stop);
  }

  text(): string {
    return this.bytes.toString('utf8', this.start, this.stop);
  }

  octets(): Buffer {
    return this.bytes.subarray(this.start, this.stop);
  }

  /** INTEGER or ENUMERATED; LDAP's are 31 bits at most, so wider ones are a fault. */
  integer(): number {
    const width = this.stop - this.start;
    if (width < 1 || width > 4) throw new BerError('An integer is too wide.');
    return this.bytes.readIntBE(this.start, width);
  }

  boolean(): boolean {
    return this.bytes[this.start] !== 0;
  }
}

/** Where an element's value is; null: its head is not whole yet. Throws a BerError for a form that LDAP forbids (RFC 4511 section 5.1). */
export function elementAt(bytes: Buffer, at: number, end = bytes.length): { start: number; stop: number } | null {
  if (at + 2 > end) return null;
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, stop: at + 2 + first };
  const width = first & 0x7f;
  if (width === 0 || width > 4) throw new BerError('An element has no definite length.');
  if (at + 2 + width > end) return null;
  const start = at + 2 + width;
  return { start, stop: start + bytes.readUIntBE(at + 2, width) };
}
