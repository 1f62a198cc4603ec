import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { answers } from './control.ts';
import { withCast } from './cast.ts';
import { generatePeople, peopleCsv, type DemoPerson } from './people/index.ts';

const marker = '.samband-demo';
const seed = 20_180;

function missing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function contents(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (missing(error)) return [];
    throw error;
  }
}

const running = z.object({ demo: z.object({ control: z.url() }) });

/** Two demos in one folder would take each other's files away. Throws when one is running there. */
async function refuseSecond(folder: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(join(folder, 'settings.json'), 'utf8');
  } catch (error) {
    if (missing(error)) return;
    throw error;
  }
  // A demo that was killed while it wrote leaves half a file: it is not running.
  const settings = running.safeParse(readJson(text));
  if (settings.success && (await answers(settings.data.demo.control))) {
    throw new Error(`The demo is running already, in ${folder}. Close its window first, or choose another --demo-folder.`);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Makes the demo's folder. Throws when it holds something that is not the demo's, or a demo is running in it. */
export async function openFolder(folder: string): Promise<void> {
  const found = await contents(folder);
  if (found.length > 0 && !found.includes(marker))
    throw new Error(`${folder} is not empty and not the demo's: choose another --demo-folder.`);
  await refuseSecond(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, marker), 'Made by the demo of Samband (npm start). It can be deleted at any time.\n');
}

/** Wipes everything that the demo has stored. Throws when the folder is not the demo's. */
export async function resetDemo(folder: string): Promise<void> {
  const found = await contents(folder);
  if (found.length === 0) return;
  if (!found.includes(marker)) throw new Error(`${folder} is not the demo's and was left alone.`);
  await refuseSecond(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** The demo's people, with absences that are current today, and the CSV file that the app reads. */
export async function openPeople(
  folder: string,
  count: number,
  today: Date,
): Promise<{ readonly people: readonly DemoPerson[]; readonly csvFile: string }> {
  const csvFile = join(folder, 'people.csv');
  const stampFile = join(folder, 'people.txt');
  const day = today.toISOString().slice(0, 10);
  const people = withCast(generatePeople({ count, seed, today: new Date(`${day}T08:00:00Z`) }));
  // Counts up whenever what is generated changes.
  const stamp = `2: ${count} people, seed ${seed}, ${day}\n`;
  const before = await readFile(stampFile, 'utf8').catch((error: unknown) => {
    if (missing(error)) return '';
    throw error;
  });
  if (before !== stamp) {
    await writeFile(csvFile, peopleCsv(people));
    await writeFile(stampFile, stamp);
  }
  return { people, csvFile };
}
