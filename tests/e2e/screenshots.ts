/** `npm run screenshots`: the window in its states, from the demo, into docs/. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDemo } from '../../demo/index.ts';
import { nb } from '../../renderer/text/nb.ts';
import { build } from '../../scripts/build.mjs';
import { releaseAll, scratch, waitFor } from '../lab/process.ts';
import { openDesk } from '../lib/desk.ts';
import { root } from '../lib/mirror.ts';

if (!build()) throw new Error('the window could not be built');
const docs = join(root, 'docs');
mkdirSync(docs, { recursive: true });

const folder = scratch('screenshots');
const never: [number, number] = [3_600_000, 3_600_000];
const demo = await startDemo({
  folder,
  tempo: {
    rhythm: { first: never, next: never },
    pace: { givesUp: 120_000, repeats: 5000, patience: 120_000, withColleague: 1000 },
    colleaguePace: { picksUp: 300, givesUp: 2000, patience: 60_000 },
  },
});
const desk = await openDesk({ folder, settings: demo.settingsFile, provision: demo.provisionFile }, { says: 440 });
const { window } = desk;
const { page } = window;

// The machine that takes the pictures has no headset.
await page.addInitScript(() => {
  const original = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () =>
    (await original()).map((device) => ({
      deviceId: device.deviceId,
      groupId: device.groupId,
      kind: device.kind,
      label: device.label.startsWith('Fake') ? 'Hodesett' : device.label,
      toJSON: () => ({}),
    }));
});
await page.reload();
await window.registered();
await waitFor(
  () =>
    page.evaluate(async () => {
      const status = await globalThis.window.samband.call('directory.status', null);
      return status.ok && status.value.people >= 10_000;
    }),
  { timeoutMs: 60_000, what: 'the directory' },
);

/** Whatever moves has come to rest, and the fonts are there. */
async function shoot(name: string): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await Promise.all(
      document
        .getAnimations()
        .flatMap((animation) => (animation.effect?.getComputedTiming().iterations === 1 ? [animation.finished] : [])),
    );
    await frame();
  });
  const path = join(docs, `${name}.png`);
  await page.screenshot({ path });
  // Smaller where ImageMagick is at hand; the picture is the same to the eye.
  spawnSync('convert', [path, '-dither', 'None', '-colors', '128', '-define', 'png:compression-level=9', `PNG8:${path}`]);
  console.log(`docs/${name}.png`);
}

/** A call or a wrap-up that has lasted a moment. */
const lasts = (time: string) => window.call.getByRole('timer').filter({ hasText: time }).waitFor();

async function call(): Promise<void> {
  await page.getByRole('button', { name: nb.demo.call }).click();
  await window.phase('ringing');
  await window.caller.getByText(/^Oppdatert fra saksystemet/).waitFor();
}

async function talk(): Promise<void> {
  await window.press('F2');
  await window.phase('active');
}

/** Types, and goes down the hits to somebody. */
async function find(words: string, name: string): Promise<void> {
  await window.press('Control+K');
  await page.keyboard.type(words);
  const hit = window.hits.filter({ hasText: name }).first();
  await hit.waitFor();
  for (let step = 0; step < 10 && (await hit.getAttribute('aria-selected')) !== 'true'; step++) await window.press('ArrowDown');
  await window.directory.getByRole('region', { name: nb.directory.card }).getByRole('heading', { name }).waitFor();
}

async function write(text: string, ...tags: string[]): Promise<void> {
  await window.press('Control+Shift+L');
  await window.press('ArrowDown');
  await window.press('Control+J');
  await page.keyboard.type(text);
  for (const tag of tags) await window.addTag(tag);
}

await call();
await shoot('ringing');
await talk();
await write('Spør når svaret på søknaden om barnehageplass kommer. Bor nærmest Ærfuglen.', 'Barnehage');
await find('barnehage østby', 'Marit Østby');
await lasts('00:12');
await shoot('call');
await page.emulateMedia({ colorScheme: 'dark' });
await shoot('call-dark');
await page.emulateMedia({ colorScheme: 'light' });
await window.press('F8');
await window.phase('ended');
await window.addTag('Satt over');
await lasts('00:04');
await shoot('wrap-up');
await window.press('Control+Enter');
await window.bar.getByText(nb.sync.allSent).waitFor();
await window.phase('none');

// A second call, given up by nobody: the day has something to show.
await call();
await talk();
await write('Ringte om brøyting av gangveien. Meldt videre.', 'Besvart');
await window.press('F4');
await window.phase('ended');
await window.press('Control+Enter');
await window.phase('none');
await window.bar.getByText(nb.sync.allSent).waitFor();
await shoot('idle');

// The case system is gone, then the exchange too.
await call();
await talk();
await demo.crm.stop();
// Nobody knows this one: the note goes to a new case.
await window.press('Control+Shift+Y');
await page.keyboard.type('Fagprøve som betongarbeider');
await window.press('Control+J');
await page.keyboard.type('Lurer på hvor han melder seg opp. Ring tilbake når det er avklart.');
await window.addTag('Ring tilbake');
await window.press('F4');
await window.phase('ended');
await window.press('Control+Enter');
await window.phase('none');
await demo.exchange.stop();
await window.bar.getByText(nb.bar.lineOffline).or(window.bar.getByText(nb.bar.lineConnecting)).first().waitFor();
await shoot('offline');

await desk.close();
await demo.stop();
await releaseAll();
process.exit();
