/** What somebody sees who has just typed `npm start`: the main job, in the built window, against the demo's world. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemo, type Demo } from '../../demo/index.ts';
import { nb } from '../../renderer/text/nb.ts';
import { build } from '../../scripts/build.mjs';
import { scratch, waitFor } from '../lab/process.ts';
import { openDesk, type Desk } from '../lib/desk.ts';
import { heard } from '../lib/ears.ts';

let demo: Demo;
let desk: Desk;

beforeAll(async () => {
  expect(build()).toBe(true);
  const folder = scratch('demo');
  demo = await startDemo({
    folder,
    people: 2000,
    tempo: {
      pace: { givesUp: 20_000, repeats: 1000, patience: 120_000, withColleague: 2000 },
      colleaguePace: { picksUp: 300, givesUp: 1000, patience: 60_000 },
      rhythm: { first: [3_600_000, 3_600_000], next: [3_600_000, 3_600_000] },
    },
  });
  desk = await openDesk({ folder, settings: demo.settingsFile, provision: demo.provisionFile }, { says: 440 });
}, 120_000);

afterAll(async () => {
  await desk?.close();
  await demo?.stop();
});

const heardLoudly = () =>
  waitFor(async () => (await heard(desk.window.page, [])).rms > 0.02, { timeoutMs: 15_000, what: 'a voice in the window' });

async function letSomebodyCall(): Promise<void> {
  await desk.window.bar.getByRole('button', { name: 'La noen ringe' }).click();
  await desk.window.phase('ringing');
}

test('a citizen calls, is known and heard, is passed on to a colleague, and the note is in the CRM', async () => {
  const { window } = desk;
  const { page } = window;
  await letSomebodyCall();
  await window.call.getByText('Barnehageopptak', { exact: true }).waitFor();
  await window.call.getByText('Barnehageopptaket, du snakker med Kari.').waitFor();
  await window.caller.getByRole('heading', { name: 'Ingrid Solbakken' }).waitFor();
  await window.caller.getByRole('option', { name: 'Søknad om barnehageplass fra august' }).waitFor();

  await window.press('F2');
  await window.phase('active');
  await heardLoudly();

  await window.press('Control+K');
  await page.keyboard.type('foreldrebetaling østby');
  await window.hits.filter({ hasText: 'Marit Østby' }).waitFor();
  await window.press('ArrowDown');
  await window.directory
    .getByRole('region', { name: nb.directory.card })
    .getByRole('heading', { name: 'Marit Østby' })
    .waitFor();
  await window.press('F8');
  await window.phase('ended');
  await window.call.getByText(nb.calls.ended.transferred).waitFor();
  expect(demo.exchange.isInCall('innenfra')).toBe(true);

  await window.press('Control+Shift+L');
  await window.press('ArrowDown');
  await window.press('Control+J');
  await page.keyboard.type('Spør etter plass på Ærfuglen. Satt over til Marit.');
  for (const name of ['Barnehage', 'Satt over']) await window.note.getByRole('button', { name }).click();
  await window.press('Control+Enter');
  await window.bar.getByText(nb.sync.allSent).waitFor();
  await waitFor(() => demo.crm.written().length > 0, { timeoutMs: 10_000, what: 'the note in the CRM' });
  const [ticket] = demo.crm.written();
  expect(ticket?.requestors).toEqual(['Ingrid Solbakken']);
  expect(ticket?.comments.map(({ content }) => content.trim())).toEqual(['Spør etter plass på Ærfuglen. Satt over til Marit.']);
  await expect
    .poll(() => demo.crm.written()[0]?.tags.toSorted(), { timeout: 10_000 })
    .toEqual(['Barnehage', 'Satt over', 'Søknad']);
  await window.phase('none');
});

test('a caller who is held hears nothing and is heard again afterwards; hanging up ends it', async () => {
  const { window } = desk;
  await letSomebodyCall();
  await window.caller.getByRole('heading', { name: 'Per Håkon Brekke' }).waitFor();
  await window.press('F2');
  await window.phase('active');
  await heardLoudly();
  await window.press('F3');
  await window.phase('held');
  await window.press('F3');
  await window.phase('active');
  await heardLoudly();
  await window.press('F4');
  await window.phase('ended');
  await waitFor(() => !demo.exchange.isInCall('agent'), {
    timeoutMs: 10_000,
    what: 'the exchange to know that the call is over',
  });
});

test('the page has complained about nothing', () => {
  expect(desk.complaints).toEqual([]);
});
