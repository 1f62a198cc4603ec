import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSealedWith, openOutboxExport } from '../../main/db/outbox-export.ts';
import { temporaryFolder } from './folders.ts';
import { key, otherKey, scribble } from './support.ts';

const folder = temporaryFolder();
const entriesOf = (file: string, withKey = key) => {
  const outbox = openOutboxExport(file, withKey);
  const entries = outbox.entries();
  outbox.close();
  return entries;
};

function three(): string {
  const file = join(folder(), 'outbox.journal');
  const outbox = openOutboxExport(file, key);
  for (const id of ['a', 'b', 'c']) outbox.put(id, { text: `note ${id}` });
  outbox.close();
  return file;
}

test('what was put and not removed is there after the next opening, in order', () => {
  const file = three();
  const outbox = openOutboxExport(file, key);
  outbox.remove('b');
  outbox.put('d', { text: 'blåbærsyltetøy' });
  outbox.close();
  expect(entriesOf(file)).toEqual([
    { id: 'a', value: { text: 'note a' } },
    { id: 'c', value: { text: 'note c' } },
    { id: 'd', value: { text: 'blåbærsyltetøy' } },
  ]);
});

test('an export that holds nothing is no file at all', () => {
  const file = join(folder(), 'outbox.journal');
  expect(entriesOf(file)).toEqual([]);
  expect(existsSync(file)).toBe(false);
});

test('nothing stands in it in the clear', () => {
  expect(readFileSync(three(), 'latin1')).toMatch(/^[A-Za-z0-9+/=\n]+$/);
});

test('a tail torn at any byte loses only what was not acknowledged', () => {
  const whole = readFileSync(three());
  const lengths = whole
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.length + 1);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), (cut) => {
      const file = three();
      truncateSync(file, cut);
      let complete = 0;
      let end = 0;
      for (const length of lengths) if ((end += length) <= cut) complete += 1;
      const outbox = openOutboxExport(file, key);
      expect(outbox.unreadable).toBe(0);
      const found = outbox.entries().map(({ id }) => id);
      expect(found).toEqual(['a', 'b', 'c'].slice(0, found.length));
      expect(found.length).toBeGreaterThanOrEqual(complete);
      // What is written after a torn line is not swallowed by it.
      outbox.put('z', 1);
      outbox.close();
      expect(entriesOf(file).map(({ id }) => id)).toEqual([...found, 'z']);
    }),
    { numRuns: 60 },
  );
});

test('a damaged line costs that line only, and the file is kept for whoever wants to look', () => {
  const file = three();
  const second = readFileSync(file, 'latin1').indexOf('\n') + 20;
  scribble(file, second, 4);
  const outbox = openOutboxExport(file, key);
  expect(outbox.unreadable).toBe(1);
  expect(outbox.entries().map(({ id }) => id)).toEqual(['a', 'c']);
  outbox.replace(outbox.entries());
  outbox.close();
  expect(readdirSync(join(file, '..')).filter((name) => name.includes('unreadable'))).toHaveLength(1);
  expect(openOutboxExport(file, key).unreadable).toBe(0);
});

test('another key reads nothing and destroys nothing', () => {
  const file = three();
  const before = readFileSync(file);
  expect(entriesOf(file, otherKey)).toEqual([]);
  expect(isSealedWith(file, otherKey)).toBe(false);
  expect(isSealedWith(file, key)).toBe(true);
  expect(readFileSync(file)).toEqual(before);
});

test('it does not grow with what was sent long ago', () => {
  const file = join(folder(), 'outbox.journal');
  const outbox = openOutboxExport(file, key);
  outbox.put('stays', { text: 'x' });
  for (let index = 0; index < 1000; index += 1) {
    outbox.put(`note-${index}`, { text: 'y'.repeat(200) });
    outbox.remove(`note-${index}`);
  }
  expect(statSync(file).size).toBeLessThan(100_000);
  outbox.close();
  expect(entriesOf(file)).toEqual([{ id: 'stays', value: { text: 'x' } }]);
});

test('replace() makes it hold exactly what it is given', () => {
  const file = three();
  const outbox = openOutboxExport(file, key);
  outbox.replace([{ id: 'c', value: 3 }]);
  outbox.replace([
    { id: 'c', value: 3 },
    { id: 'q', value: 4 },
  ]);
  outbox.close();
  expect(entriesOf(file)).toEqual([
    { id: 'c', value: 3 },
    { id: 'q', value: 4 },
  ]);
});

test('whatever is put, removed, replaced and reopened, it holds what a map would', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), id, value: fc.string({ unit: 'binary' }) }),
    fc.record({ kind: fc.constant('remove' as const), id }),
    fc.record({ kind: fc.constant('reopen' as const) }),
    fc.record({ kind: fc.constant('tear' as const), bytes: fc.integer({ min: 1, max: 50 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const file = join(folder(), 'outbox.journal');
      const model = new Map<string, string>();
      let outbox = openOutboxExport(file, key);
      for (const one of steps) {
        if (one.kind === 'put') {
          outbox.put(one.id, one.value);
          model.delete(one.id);
          model.set(one.id, one.value);
        } else if (one.kind === 'remove') {
          outbox.remove(one.id);
          model.delete(one.id);
        } else {
          outbox.close();
          if (one.kind === 'tear') appendFileSync(file, 'A'.repeat(one.bytes));
          outbox = openOutboxExport(file, key);
        }
      }
      outbox.close();
      expect(new Map(entriesOf(file).map((entry) => [entry.id, entry.value]))).toEqual(model);
    }),
    { numRuns: 40 },
  );
});
