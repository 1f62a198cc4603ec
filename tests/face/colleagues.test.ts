import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Scene, type Stage } from './fixture/stage.ts';
import { found, people, suggestions } from './fixture/world.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

const inputs = async (one: Scene, name: string) =>
  (await one.bridgeAsked()).filter((asked) => asked.name === name).map((asked) => asked.input);
const asksFor = (one: Scene, words: string) => expect.poll(() => one.asked()).toContain(words);
const focus = (one: Scene) => one.page.evaluate(() => document.activeElement?.tagName);
const heard = (one: Scene) => one.page.getByTestId('live-polite').textContent();
const suggested = { 'directory.suggested': { ok: true, value: suggestions } } as const;

// Counted: the search key (a chord is one), the letters as one, Enter. One letter is enough where it makes the person the first hit.
test('three presses from the note to a finished transfer of the first hit: Ctrl+K, a letter, Enter', async () => {
  const one = await stage.open({ answers: { 'directory.search': { ok: true, value: found } } });
  await one.talk();
  await one.page.keyboard.press('Control+J');
  await one.page.keyboard.type('Hei');
  await one.page.keyboard.press('Control+K');
  await one.page.keyboard.press('b');
  await expect.poll(() => one.page.locator('#search').getAttribute('aria-activedescendant')).toBe('hit-0');
  await one.page.keyboard.press('Enter');
  await asksFor(one, 'transfer call-1 +4722051001');
  await one.phone({ type: 'ended', callId: 'call-1', reason: 'transferred', status: null });
  await expect.poll(() => heard(one)).toContain('er satt over til Anne Lie');
  expect(one.trouble).toEqual([]);
});

test('three presses also with nothing typed: Ctrl+K, arrow, Enter reach whom the caller spoke to before', async () => {
  const one = await stage.open({ answers: suggested });
  await one.talk();
  await expect.poll(() => inputs(one, 'directory.suggested')).toContainEqual({ number: '92211334', line: 'Barnehageopptak' });
  await one.page.getByTestId('last-spoken').waitFor();
  await one.page.keyboard.press('Control+K');
  await expect.poll(() => heard(one)).toContain('3 forslag');
  await one.page.keyboard.press('ArrowDown');
  const active = await one.page.locator('#search').getAttribute('aria-activedescendant');
  expect(await one.page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
  expect(await one.page.locator(`#${active}`).textContent()).toContain('Per Olsen');
  await one.page.keyboard.press('Enter');
  await asksFor(one, 'transfer call-1 +4722051014');
});

test('suggestions: each person once, in the order to try, and Enter on none of them does nothing', async () => {
  const one = await stage.open({ answers: suggested });
  const rows = one.page.getByTestId('suggested').getByRole('option');
  await rows.first().waitFor();
  expect(await rows.locator('strong').allTextContents()).toEqual([people[1]!.name, people[0]!.name, people[2]!.name]);
  await one.page.keyboard.press('Control+K');
  await one.page.keyboard.press('Enter');
  expect((await one.asked()).filter((asked) => asked.startsWith('dial'))).toEqual([]);
});

test('whom the caller spoke to last stands there while it rings; the key passes the call on once it is answered', async () => {
  const one = await stage.open({ answers: suggested });
  await one.ring();
  const line = one.page.getByTestId('last-spoken');
  await line.getByText('Per Olsen').waitFor();
  expect(await focus(one)).toBe('BODY');
  await one.page.keyboard.press('Control+F8');
  expect(await line.getByRole('button').getAttribute('aria-disabled')).toBe('true');
  await one.page.keyboard.press('F2');
  await one.page.locator('[data-testid="main-card"][data-phase="active"]').waitFor();
  await one.page.keyboard.press('Control+F8');
  await asksFor(one, 'transfer call-1 +4722051014');
  expect((await one.asked()).filter((asked) => asked.startsWith('transfer'))).toHaveLength(1);
});

test('what is told of people changes where they stand: no row moves and the choice stays', async () => {
  const one = await stage.open();
  await one.talk();
  await one.search('barnehage');
  await one.page.keyboard.press('ArrowDown');
  const rows = one.page.getByTestId('hits').getByRole('option');
  const names = await rows.locator('strong').allTextContents();
  const searches = (await inputs(one, 'directory.search')).length;
  const away = { kind: 'holiday', until: null, readAt: new Date().toISOString(), source: 'calendar' } as const;
  await one.answer({
    'directory.person': { ok: true, value: { ...people[1]!, absence: away, availability: 'absent' } },
  });
  await one.event('people.changed', { ids: ['per', 'nobody-shown'] });
  await rows.nth(1).getByText('På ferie').waitFor();
  await one.page.getByTestId('person').getByText('På ferie').waitFor();
  expect(await inputs(one, 'directory.person')).toEqual([{ id: 'per' }]);
  expect((await inputs(one, 'directory.search')).length).toBe(searches);
  expect(await rows.locator('strong').allTextContents()).toEqual(names);
  expect(await one.page.locator('#search').getAttribute('aria-activedescendant')).toBe('hit-1');
});
