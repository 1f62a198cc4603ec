import { BerError, elementAt } from './ber.ts';

/** A message longer than this is no directory's. */
const LONGEST = 64 * 1024 * 1024;

/** Cuts a stream into LDAP messages (RFC 4511 section 4.1.1). */
export class Frames {
  #chunks: Buffer[] = [];
  #size = 0;
  #needed = 2;

  /** Bytes of a message that is not whole yet. */
  get pending(): number {
    return this.#size;
  }

  /** The messages that are whole now. Throws a BerError when the stream is not LDAP. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Parts of a long message are joined once, when all of them are there.
    if (this.#size < this.#needed) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const messages: Buffer[] = [];
    let at = 0;
    this.#needed = 2;
    while (at < bytes.length) {
      if (bytes[at] !== 0x30) throw new BerError('The stream is not LDAP.');
      const element = elementAt(bytes, at);
      const length = element === null ? bytes.length - at + 1 : element.stop - at;
      if (length > LONGEST) throw new BerError('A message is too long.');
      if (at + length > bytes.length) {
        this.#needed = length;
        break;
      }
      messages.push(bytes.subarray(at, at + length));
      at += length;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return messages;
  }
}
