/** A helpdesk's file as text: what it is written in, and what stands between its columns. */
import { createReadStream } from 'node:fs';
import { parse, type Options } from 'csv-parse/sync';
import type { CsvSettings } from '../../settings/index.ts';

/** A file that cannot be used, in the helpdesk's words; never with what is in it. */
export class Unusable extends Error {}

/** The names that TextDecoder knows. */
export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

const bytesAtMost = 500_000_000;

/** Decoded piece by piece. A byte order mark at the beginning is left out. Throws Unusable at what is not of the encoding. */
export async function* decoded(file: string, encoding: Encoding, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new Unusable(`${file} is not whole ${encoding.toUpperCase()}. Was it cut?`);
    }
  };
  for await (const chunk of createReadStream(file, { signal })) yield decode(chunk as Buffer);
  yield decode();
}

/**
 * Which encoding a file is in: as its byte order mark says; else UTF-8 where all of it is that; else what Windows writes (1252). Throws
 * Unusable where it is UTF-8 with damage in it, such as a file that was cut in the middle of a letter.
 */
export async function encodingOf(file: string, wanted: CsvSettings['encoding'], signal: AbortSignal): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let bytes = 0;
  let broken = 0;
  let whole = 0;
  let first: Buffer | null = null;
  const count = (text: string) => {
    for (const [sign] of text.matchAll(/[^\0-\x7f]/gu)) {
      if (sign === '\ufffd') broken += 1;
      else if (sign !== '\ufeff') whole += 1;
    }
  };
  for await (const chunk of createReadStream(file, { signal })) {
    const read = chunk as Buffer;
    first ??= read;
    if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
    if (wanted === 'windows-1252') return wanted;
    bytes += read.length;
    if (bytes > bytesAtMost) throw new Unusable(`${file} is larger than ${bytesAtMost} bytes.`);
    count(decoder.decode(read, { stream: true }));
  }
  count(decoder.decode());
  if (broken === 0) return 'utf-8';
  const marked = first?.[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf;
  if (wanted === 'utf-8' || marked || whole > broken)
    throw new Unusable(
      `${file} is not whole UTF-8: ${broken} letters cannot be read. Was it cut, or written in something else?`,
    );
  return 'windows-1252';
}

/** How the file is divided, and how many lines stand before its header (Excel's `sep=;`). */
export interface Division {
  readonly delimiter: string;
  readonly before: number;
  readonly header: readonly string[];
}

export const quoting: Options<string[], string[]> = {
  bom: true,
  relax_quotes: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
  // What one quotation mark too many swallows.
  max_record_size: 100_000,
};

/** Reads the header: by the delimiter of the settings, or by the one of `;`, `,` and tab that gives the most columns. */
export function divisionOf(beginning: string, wanted: CsvSettings['delimiter']): Division {
  const said = /^\uFEFF?sep=([;,\t])(?:\r\n|\r|\n)/i.exec(beginning);
  const text = said ? beginning.slice(said[0].length) : beginning;
  const before = said ? 1 : 0;
  const header = (delimiter: string): readonly string[] => {
    try {
      const [first = []] = parse(text, { ...quoting, delimiter, to: 1, relax_column_count: true });
      return first.map((name) => name.normalize('NFC').trim());
    } catch {
      // What follows is cut off in the middle: the header alone matters here.
      return [];
    }
  };
  const settled = wanted === 'auto' ? said?.[1] : wanted === 'tab' ? '\t' : wanted;
  const divisions = (settled === undefined ? [';', ',', '\t'] : [settled]).map((delimiter) => ({
    delimiter,
    before,
    header: header(delimiter),
  }));
  return divisions.reduce((best, one) => (one.header.length > best.header.length ? one : best));
}
