import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLab } from '../lab/lab.ts';
import { startApp, writeAppFiles } from '../lib/app.ts';
import { openDesk, type Desk } from '../lib/desk.ts';
import { mainJob, mainJobOffline, setScene, tones, type Scene } from './main-job.ts';

describe('the main job, in the web host and Chromium', () => {
  let scene: Scene;
  let desk: Desk;

  beforeAll(async () => {
    const lab = await startLab();
    scene = await setScene(lab);
    desk = await openDesk(writeAppFiles(lab.app), { says: tones.agent });
  });

  afterAll(() => desk?.close());

  test('a call, a pop, an answer, a transfer, a note with two tags', async () => {
    await mainJob(desk.window, scene);
  });

  test('with the case system down: the pop from the copy, the note once it is back', async () => {
    await mainJobOffline(desk.window, scene, 'klage');
  });

  test('the page had nothing to complain about', () => {
    expect(desk.complaints).toEqual([]);
  });

  test('with the case system down, and the app killed while the note waits', async () => {
    await mainJobOffline(desk.window, scene, 'skjema', async () => {
      await desk.app.server.kill9();
      const again = await startApp(desk.app.files);
      await desk.window.page.goto(again.url);
      await desk.window.registered();
    });
  });
});
