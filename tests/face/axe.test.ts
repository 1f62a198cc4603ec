import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './fixture/stage.ts';
import { shots } from './fixture/shots.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

test.for(Object.keys(shots))('axe finds nothing, and the policy refuses nothing: %s', async (name) => {
  const { act, ...options } = shots[name]!;
  const scene = await stage.open(options);
  await act(scene);
  const { violations, passes } = await new AxeBuilder({ page: scene.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`,
    ),
  ).toEqual([]);
  expect(passes.length).toBeGreaterThan(15);
  // A browser writes into its profile's files what stands in a field that may be filled in again.
  const kept = await scene.page
    .locator('textarea, input:not([type="range"], [type="checkbox"], [type="radio"])')
    .evaluateAll((fields) =>
      fields.filter((field) => field.getAttribute('autocomplete') !== 'off').map(({ outerHTML }) => outerHTML),
    );
  expect(kept).toEqual([]);
  expect(await scene.page.locator('html').getAttribute('translate')).toBe('no');
  expect(scene.trouble).toEqual([]);
  await scene.page.context().close();
});
