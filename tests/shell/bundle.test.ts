/** What `electron-vite build` made: the parts that ship. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const out = join(import.meta.dirname, '../../out');
const scripts = (folder: string) =>
  readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.c?js$/.test(name))
    .map((name) => ({ name, text: readFileSync(join(out, folder, name), 'utf8') }));

/** What a bundle asks Node for, beside its own chunks. */
function imports(text: string): Set<string> {
  // A module's name as npm and Node allow it; the minifier's code between two other quotes is not one.
  const asking = /(?:\bfrom|\bimport|\brequire\w*\()\s*(["'`])([@a-z][\w@./:-]*)\1/g;
  const names = [...text.matchAll(asking)].map((match) => match[2]!);
  return new Set(names.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name)));
}

describe('the bundles', () => {
  it('the main process asks for nothing but Electron and the native module', () => {
    const asked = new Set(scripts('main').flatMap(({ text }) => [...imports(text)]));
    expect([...asked].filter((name) => !['electron', 'better-sqlite3', 'electron-updater'].includes(name))).toEqual([]);
    expect(asked).toContain('electron');
    expect(asked).toContain('better-sqlite3');
  });

  it('the preload is one small CommonJS file that asks for Electron alone', () => {
    const [preload, ...more] = scripts('preload');
    expect(more).toEqual([]);
    expect(preload?.name).toBe('index.cjs');
    expect([...imports(preload!.text)]).toEqual(['electron']);
    expect(preload!.text).not.toMatch(/^\s*(import|export)\s/m);
    expect(preload!.text.length).toBeLessThan(3_000);
  });

  it('the window ships no zod and nothing of Node', () => {
    for (const { name, text } of scripts('renderer')) {
      // Words that zod keeps in every build, whatever the minifier does.
      expect(text.includes('ZodError') || text.includes('_zod') || text.includes('safeParse'), name).toBe(false);
      expect([...imports(text)], name).toEqual([]);
      expect(text, name).not.toMatch(/\beval\(|new Function\(/);
    }
  });

  it('the window’s page has no script or style of its own in it', () => {
    const page = readFileSync(join(out, 'renderer/index.html'), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(page).not.toMatch(/https?:\/\//);
  });
});
