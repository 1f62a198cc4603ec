import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWindow } from '../../scripts/browser.mjs';

test.runIf(process.platform !== 'win32')('the browser offers to translate nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samband-window-'));
  try {
    // Stands where the browser stands, and tells how it was started.
    const browser = join(folder, 'told');
    writeFileSync(browser, `#!/bin/sh\nprintf '%s\\n' "$@" > '${browser}.txt'\n`);
    chmodSync(browser, 0o700);
    const window = openWindow(browser, 'http://127.0.0.1:1/', folder);
    await new Promise((resolve) => window.once('exit', resolve));
    expect(existsSync(`${browser}.txt`)).toBe(true);
    const given = readFileSync(`${browser}.txt`, 'utf8').split('\n');
    // Of several, Chromium takes only the last.
    expect(given.filter((one) => one.startsWith('--disable-features='))).toEqual(['--disable-features=Translate']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
