import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLab } from '../lab/lab.ts';
import { scratch } from '../lab/process.ts';
import { agentWindow, type AgentWindow } from '../lib/agent.ts';
import { writeAppFiles } from '../lib/app.ts';
import { addEar } from '../lib/ears.ts';
import { launchElectron, type ElectronWindow } from '../lib/electron.ts';
import { writeToneWav } from '../lib/tones.ts';
import { mainJob, mainJobOffline, setScene, tones, type Scene } from './main-job.ts';

describe('the main job, in a real Electron', () => {
  let scene: Scene;
  let shell: ElectronWindow;
  let window: AgentWindow;

  beforeAll(async () => {
    const lab = await startLab();
    scene = await setScene(lab);
    const microphone = join(scratch('microphone'), 'says.wav');
    writeToneWav(microphone, tones.agent, { seconds: 120, rate: 48_000 });
    const files = writeAppFiles(lab.app);
    shell = await launchElectron({
      settingsFile: files.settings,
      provisionFile: files.provision,
      dataFolder: join(files.folder, 'data'),
      fakeMicrophoneWav: microphone,
      prepare: addEar,
    });
    window = agentWindow(shell.page);
    await window.registered();
  });

  afterAll(async () => {
    await shell?.close();
  });

  test('the window is the app’s own page', () => {
    expect(shell.page.url()).toMatch(/^app:\/\//);
  });

  test('a call, a pop, an answer, a transfer, a note with two tags', async () => {
    await mainJob(window, scene);
  });

  test('with the case system down: the pop from the copy, the note once it is back', async () => {
    await mainJobOffline(window, scene, 'klage');
  });
});
