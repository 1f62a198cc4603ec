/** How the demo's app reads its directory, and what it offers around people: a new user sees all of it without setting anything up. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { settingsFile } from '../main/services/settings/schema.ts';
import { openFolder, openPeople } from './folder.ts';

/** The directory's part of the settings. */
export function demoDirectory(csvFile: string): z.input<typeof settingsFile>['directory'] {
  return {
    kind: 'csv',
    file: csvFile,
    // Without a queue of its own: the demo's CRM has the one.
    reports: { by: 'crm' },
    messages: [
      {
        id: 'ring-tilbake',
        name: { nb: 'Ring tilbake (e-post)', nn: 'Ring tilbake (e-post)', en: 'Call back (e-mail)' },
        kind: 'mail',
        subject: 'Ring tilbake: {caller} {number}',
        body: 'Hei {person},\n\n{caller} har ringt og vil gjerne bli oppringt på {number}.\n\nHilsen {agent}\nKontaktsenteret\n',
      },
      {
        id: 'ring-tilbake-sms',
        name: { nb: 'Ring tilbake (SMS)', nn: 'Ring tilbake (SMS)', en: 'Call back (text message)' },
        kind: 'sms',
        body: 'Hei! {caller} vil gjerne bli oppringt på {number}. Hilsen {agent}, kontaktsenteret',
      },
    ],
  };
}

/** Makes the demo's people and a settings file that names them alone; for a dry run. Answers the file. Throws as openFolder does. */
export async function demoDirectoryFile(folder: string, people = 10_000, today = new Date()): Promise<string> {
  await openFolder(folder);
  const { csvFile } = await openPeople(folder, people, today);
  const file = join(folder, 'directory.json');
  await writeFile(file, `${JSON.stringify({ directory: demoDirectory(csvFile) }, null, 2)}\n`, { mode: 0o600 });
  return file;
}
