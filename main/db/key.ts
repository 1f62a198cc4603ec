import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeDurably } from './files.ts';

const checked = 'samband database key check, version 1';

/** True for what Samband takes as a database key: 32 random bytes in hexadecimal, so that no slow derivation is needed. */
export function isDatabaseKey(key: string): boolean {
  return /^[0-9a-f]{64}$/i.test(key);
}

/** A key of its own for another use, so that no two ciphers share one (RFC 5869). */
export function deriveKey(key: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), new Uint8Array(), use, 32));
}

function checkValue(key: string): Buffer {
  return createHmac('sha256', deriveKey(key, 'samband key check')).update(checked).digest();
}

/**
 * Whether the data beside this file were written with `key`. SQLCipher says SQLITE_NOTADB for a wrong key and for a damaged
 * header alike; this small file tells them apart. unknown: there is no such file, or it cannot be read.
 */
export function checkKey(file: string, key: string): 'right' | 'wrong' | 'unknown' {
  if (!existsSync(file)) return 'unknown';
  const stored = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  const expected = checkValue(key);
  if (stored.length !== expected.length) return 'unknown';
  return timingSafeEqual(stored, expected) ? 'right' : 'wrong';
}

/** Remembers that what is beside this file is written with `key`. */
export function writeKeyCheck(file: string, key: string): void {
  writeDurably(file, `${checkValue(key).toString('hex')}\n`);
}
