import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mirrorRepository } from '../lib/mirror.ts';

/** The rules of ARCHITECTURE.md are held by tools: each breach is planted in a copy of the sources, and must be refused. */
const rooms = ['contract', 'main', 'preload', 'renderer'];

const tool = (folder: string, args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout;

describe('oxlint refuses', () => {
  const mirror = mirrorRepository(rooms);
  const breaches: readonly (readonly [what: string, path: string, rule: string, source: string])[] = [
    [
      'electron in a service',
      'main/services/p1.ts',
      'no-restricted-imports',
      "import { app } from 'electron';\nexport const a = app;\n",
    ],
    [
      'electron in the database',
      'main/db/p2.ts',
      'no-restricted-imports',
      "import { app } from 'electron';\nexport const a = app;\n",
    ],
    [
      'ipcMain outside the door',
      'main/shell/p3.ts',
      'no-restricted-imports',
      "import { ipcMain } from 'electron';\nexport const a = ipcMain;\n",
    ],
    ['the demo in main', 'main/services/p4.ts', 'no-restricted-imports', "import '../../demo/people.ts';\n"],
    ['the demo in the composition root', 'main/electron.ts', 'no-restricted-imports', "import '../demo/people.ts';\n"],
    ['a test in the web host', 'host/p5.ts', 'no-restricted-imports', "import '../tests/lab/process.ts';\n"],
    [
      'sip.js in a view',
      'renderer/call/p6.ts',
      'no-restricted-imports',
      "import { UserAgent } from 'sip.js';\nexport const a = UserAgent;\n",
    ],
    ['a part of sip.js in a view', 'renderer/call/p7.ts', 'no-restricted-imports', "import 'sip.js/lib/core/index.js';\n"],
    [
      'React in the SIP folder',
      'renderer/call/sip/p8.ts',
      'no-restricted-imports',
      "import { useState } from 'react';\nexport const a = useState;\n",
    ],
    ['main in the renderer', 'renderer/directory/p9.ts', 'no-restricted-imports', "import '../../main/services/ports.ts';\n"],
    [
      'Node in the renderer',
      'renderer/directory/p10.ts',
      'no-restricted-imports',
      "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    ],
    [
      'electron in the renderer',
      'renderer/p11.ts',
      'no-restricted-imports',
      "import { ipcRenderer } from 'electron';\nexport const a = ipcRenderer;\n",
    ],
    [
      'the contract at run time in the renderer',
      'renderer/p12.ts',
      'no-restricted-imports',
      "import { calls } from '#contract';\nexport const a = calls;\n",
    ],
    ['zod in the renderer', 'renderer/p13.ts', 'no-restricted-imports', "import { z } from 'zod';\nexport const a = z;\n"],
    [
      'Node in the preload',
      'preload/p14.ts',
      'no-restricted-imports',
      "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    ],
    [
      'Node in the contract',
      'contract/p15.ts',
      'no-restricted-imports',
      "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    ],
    [
      'a feature in the call machine',
      'renderer/call/machine.ts',
      'no-restricted-imports',
      "import { create } from 'zustand';\nexport const a = create;\n",
    ],
    [
      'a floating promise',
      'main/services/p16.ts',
      'no-floating-promises',
      'export function a(): void {\n  Promise.resolve(1);\n}\n',
    ],
    ["Node's globals in the preload", 'preload/p18.ts', 'no-restricted-globals', 'export const a = process.pid;\n'],
    ["Node's globals in the renderer", 'renderer/p19.ts', 'no-restricted-globals', 'export const a = Buffer.from([]);\n'],
    ['any', 'main/services/p17.ts', 'no-explicit-any', 'export const a = (b: any): number => b.c;\n'],
  ];
  const report = z.object({ diagnostics: z.array(z.object({ code: z.string().optional(), filename: z.string() })) });
  let found: z.infer<typeof report>['diagnostics'] = [];

  beforeAll(() => {
    for (const [, path, , source] of breaches) mirror.plant(path, source);
    const paths = breaches.map(([, path]) => path);
    const output = tool(mirror.folder, ['node_modules/oxlint/bin/oxlint', '--type-aware', '--format=json', ...paths]);
    found = report.parse(JSON.parse(output)).diagnostics;
  });

  test.each(breaches)('%s', (_, path, rule) => {
    const codes = found.filter(({ filename }) => filename === path).map(({ code }) => code);
    expect(codes).toContainEqual(expect.stringContaining(`(${rule})`));
  });
});

describe('the compiler refuses', () => {
  const mirror = mirrorRepository(rooms);
  const breaches: readonly (readonly [what: string, path: string, error: RegExp, source: string])[] = [
    [
      'a call without its handler',
      'main/services/q1.ts',
      /'demo\.call'|"demo\.call"/,
      "import type { Handlers } from './router.ts';\ndeclare const most: Omit<Handlers, 'demo.call'>;\nexport const all: Handlers = most;\n",
    ],
    ['the DOM in a service', 'main/services/q2.ts', /'document'/, 'export const title = document.title;\n'],
    ['Node in the contract', 'contract/q3.ts', /'process'/, 'export const id = process.pid;\n'],
    ['Node in the renderer', 'renderer/q4.ts', /'process'/, 'export const id = process.pid;\n'],
    [
      'a call that is not in the table',
      'renderer/q6.ts',
      /no\.such\.call/,
      "import { bridge } from './bridge.ts';\nexport const a = bridge.call('no.such.call', null);\n",
    ],
    [
      'an input of the wrong shape',
      'renderer/q7.ts',
      /'number'/,
      "import { bridge } from './bridge.ts';\nexport const a = bridge.call('directory.person', { id: 7 });\n",
    ],
  ];
  let output = '';

  beforeAll(() => {
    for (const [, path, , source] of breaches) mirror.plant(path, source);
    output = tool(mirror.folder, [
      'node_modules/typescript/bin/tsc',
      '-b',
      'contract',
      'main/services',
      'preload',
      'renderer',
      '--pretty',
      'false',
    ]);
  });

  const errorsOf = (path: string) =>
    output
      .split('\n')
      .filter((line) => line.startsWith(`${path}(`))
      .join('\n');

  test.each(breaches)('%s', (_, path, error) => {
    expect(errorsOf(path)).toMatch(error);
  });

  test.each(['nn', 'en'])('a message that %s lacks', (language) => {
    const path = `renderer/text/${language}.ts`;
    const whole = readFileSync(join(mirror.folder, path), 'utf8');
    const key = /^ {4}(ready): /m;
    expect(whole).toMatch(key);
    mirror.plant(path, whole.replace(key, '    somethingElse: '));
    output = tool(mirror.folder, ['node_modules/typescript/bin/tsc', '-b', 'renderer', '--pretty', 'false']);
    mirror.plant(path, whole);
    expect(errorsOf(path)).toMatch(/ready|somethingElse/);
  });
});
