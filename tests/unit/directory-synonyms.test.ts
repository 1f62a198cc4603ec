import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../main/db/client.ts';
import type { Log } from '../../main/services/ports.ts';
import { readSynonyms, createSynonyms } from '../../main/services/directory/synonyms.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synonyms-'));
  file = join(folder, 'synonyms.json');
});
afterEach(() => rm(folder, { recursive: true }));

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} } as unknown as Log;

describe('the helpdesk’s list', () => {
  test('counts beside the list that ships, or instead of it', async () => {
    await writeFile(file, '// ours\n{ "groups": [["kule", "ball"]] }');
    const both = await readSynonyms(file);
    expect(both.ok && both.value.length).toBeGreaterThan(40);
    expect(both.ok && both.value.at(-1)).toEqual(['kule', 'ball']);
    await writeFile(file, '{ "shipped": false, "groups": [["kule", "ball"]] }');
    expect(await readSynonyms(file)).toEqual({ ok: true, value: [['kule', 'ball']] });
  });

  test.each([
    ['{ "groups": [\n  ["kule" "ball"]\n] }', 'line 2'],
    ['{ "groups": [\n  ["kule", "ball"],\n  ["alene"]\n] }', 'line 3'],
    ['{\n "grops": [] }', 'line 2'],
    ['', 'expected an object'],
  ])('%j is refused: %s', async (content, words) => {
    await writeFile(file, content);
    const read = await readSynonyms(file);
    expect(read.ok ? '' : read.error.message).toContain(words);
    expect(read.ok ? '' : read.error.message).toContain(file);
  });

  test('is read again when it changes, and the last good one stays in use', async () => {
    await writeFile(file, '{ "shipped": false, "groups": [["kule", "ball"]] }');
    const told: unknown[] = [];
    let turn: (() => void) | null = null;
    let wake: () => void = () => {};
    const waiting = () => new Promise<void>((resolve) => (wake = resolve));
    const after = (_ms: number, action: () => void) => {
      turn = action;
      wake();
      return () => void (turn = null);
    };
    const database = {
      run: (_name: string, input: { groups: unknown }) => Promise.resolve(void told.push(input.groups)),
    } as unknown as Database;
    let looked = waiting();
    const lists = createSynonyms({ database, file, clock: { now: () => new Date(), after }, log: silent, onChange: () => {} });
    await looked;
    expect(told.at(-1)).toEqual([['kule', 'ball']]);

    const next = async (content: string, at: number) => {
      await writeFile(file, content);
      await utimes(file, at, at);
      looked = waiting();
      turn?.();
      await looked;
    };
    await next('{ "groups": [["kule"', 1000);
    expect(lists.fault()).toContain('line 1');
    expect(told).toHaveLength(2);
    await next('{ "shipped": false, "groups": [["kule", "klode"]] }', 2000);
    expect(lists.fault()).toBeNull();
    expect(told.at(-1)).toEqual([['kule', 'klode']]);
    await lists.close();
    expect(turn).toBeNull();
  });
});
