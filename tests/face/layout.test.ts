import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, sessionWith, type Scene, type Stage } from './fixture/stage.ts';
import { waiting } from './fixture/world.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything stands that a hand may be on its way to. */
const boxes = (one: Scene): Promise<Record<string, Box>> =>
  one.page.evaluate(() => {
    const selectors = {
      ...Object.fromEntries(
        ['answer', 'hold', 'mute', 'tones', 'transfer', 'hangUp'].map((id) => [
          id,
          `[data-testid="main-card"] [data-action="${id}"]`,
        ]),
      ),
      main: '[data-testid="main-card"]',
      second: '[data-testid="second-card"]',
      dial: '#dial',
      search: '#search',
      state: '.bar-state',
    };
    return Object.fromEntries(
      Object.entries(selectors).map(([name, selector]) => {
        const { x, y, width, height } = document.querySelector(selector)!.getBoundingClientRect();
        // The bar's own state is as wide as its words; it begins in one place.
        return [name, name === 'state' ? { x, y, width: 0, height } : { x, y, width, height }];
      }),
    );
  });

/** Through all that can happen to a call; after each step the boxes are read. */
async function* life(one: Scene): AsyncGenerator<string> {
  yield 'idle';
  await one.ring();
  await one.page.getByTestId('caller').getByText('Ingrid Solheim').waitFor();
  yield 'ringing';
  await one.page.keyboard.press('F2');
  await one.page.locator('[data-testid="main-card"][data-phase="active"]').waitFor();
  yield 'active';
  await one.page.keyboard.press('F6');
  await one.page.locator('[data-action="mute"][data-on]').waitFor();
  yield 'muted';
  await one.page.keyboard.press('F3');
  await one.page.locator('[data-testid="main-card"][data-phase="held"]').waitFor();
  yield 'held';
  await one.page.keyboard.press('F3');
  await one.ringSecond();
  yield 'a second rings';
  await one.standStill();
  await one.page.keyboard.press('F4');
  await one.page.getByTestId('second-card').getByRole('alert').waitFor();
  yield 'guarded';
  await one.page.clock.resume();
  await one.page.keyboard.press('F2');
  await one.page.locator('[data-testid="second-card"][data-phase="held"]').waitFor();
  yield 'the first is held';
  await one.page.keyboard.press('F4');
  await one.page.keyboard.press('F4');
  await one.phone({ type: 'ended', callId: 'call-1', reason: 'remoteHungUp', status: null });
  await one.page.locator('[data-testid="main-card"][data-phase="ended"]').waitFor();
  yield 'wrap-up';
  await one.phone({ type: 'line', state: { kind: 'offline', since: Date.now() } });
  await one.page
    .getByTestId('line')
    .getByText(/nede|down/i)
    .waitFor();
  yield 'offline';
}

describe('no button moves, whatever happens to the call', () => {
  test.for([
    [1366, 800],
    [1100, 700],
    [700, 800],
  ] as const)('%d × %d', async ([width, height]) => {
    const one = await stage.open({ width, height });
    let first: Record<string, Box> | null = null;
    for await (const state of life(one)) {
      const now = await boxes(one);
      if (width < 760) delete now['search'];
      first ??= now;
      expect(now, state).toEqual(first);
    }
    expect(one.trouble).toEqual([]);
  });
});

/** What sticks out of its box, or of the window, though it could be read or pressed. */
const sticksOut = (one: Scene): Promise<string[]> =>
  one.page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, input, select, textarea, .ds-tag, .s-card, .bar-item, h2, .calls-buttons',
    )) {
      if (element.closest('[hidden], .s-hide') !== null) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0) continue;
      const name = `${element.tagName} ${element.className} "${(element.textContent ?? '').slice(0, 40)}"`;
      if (box.right > width + 0.5 || box.left < -0.5) found.push(`${name} leaves the window`);
      if (element.matches('button') && element.scrollWidth > element.clientWidth + 1)
        found.push(`${name} is too narrow for its words`);
      const card = element.closest('.s-card');
      if (card !== null && card !== element) {
        const outer = card.getBoundingClientRect();
        if (box.right > outer.right + 0.5 && element.closest('.tones-pad') === null)
          found.push(`${name} sticks out of its card`);
      }
    }
    return found;
  });

describe('nothing sticks out in any language', () => {
  test.for(
    (['nb', 'nn', 'en'] as const).flatMap((language) =>
      (
        [
          [1366, 800],
          [1100, 700],
          [760, 700],
          [700, 800],
          // 200 % of 1366 × 768, and 175 % of 1100 × 700
          [683, 384],
          [628, 400],
        ] as const
      ).map(([width, height]) => ({ language, width, height })),
    ),
  )('$language $width × $height', async ({ language, width, height }) => {
    const one = await stage.open({
      width,
      height,
      answers: { ...sessionWith({ language }, { demo: true }), 'outbox.status': { ok: true, value: waiting } },
    });
    expect(await sticksOut(one)).toEqual([]);
    await one.talk();
    await one.ringSecond();
    expect(await sticksOut(one)).toEqual([]);
    await one.search('barnehage');
    expect(await sticksOut(one)).toEqual([]);
    await one.page.context().close();
  });
});

test('zoomed to 200 % all can be scrolled to', async () => {
  const one = await stage.open({ width: 683, height: 384 });
  await one.talk();
  const done = one.page.locator('[data-action="done"]');
  await done.scrollIntoViewIfNeeded();
  const box = (await done.boundingBox())!;
  expect(box.y + box.height).toBeLessThanOrEqual(384);
  await one.page.keyboard.press('Control+K');
  await one.search('barnehage');
  await one.page.getByTestId('reach').scrollIntoViewIfNeeded();
  const reach = (await one.page.getByTestId('reach').boundingBox())!;
  expect(reach.y + reach.height).toBeLessThanOrEqual(384);
});

test('a preference makes a wide window narrow', async () => {
  const one = await stage.open({ answers: sessionWith({ compact: true }) });
  await one.page.getByRole('group', { name: 'Velg rute' }).waitFor();
  expect(await one.page.getByTestId('directory').isVisible()).toBe(false);
  await one.page.getByRole('button', { name: 'Katalog' }).click();
  expect(await one.page.getByTestId('directory').isVisible()).toBe(true);
});

test('nothing moves for those who asked for no motion', async () => {
  const one = await stage.open();
  await one.page.emulateMedia({ reducedMotion: 'reduce' });
  await one.talk();
  expect(await one.page.evaluate(() => document.getAnimations().length)).toBe(0);
});
