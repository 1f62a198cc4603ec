import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answers } from './fixture/fake-bridge.ts';
import { openStage, sessionWith, type Scene, type Stage } from './fixture/stage.ts';
import { found, note, people, session, suggestions } from './fixture/world.ts';

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

describe('a report', () => {
  async function open(answers: Parameters<Stage['open']>[0] = {}): Promise<Scene> {
    const one = await stage.open(answers);
    await one.talk();
    await one.search('barnehage');
    await one.page.keyboard.press('Control+F7');
    await one.page.getByTestId('report').waitFor();
    return one;
  }

  test('by keyboard alone: Ctrl+F7, what is wrong, the text, Ctrl+Enter; it is in the outbox and the caret is back', async () => {
    const one = await open({ answers: { 'directory.report': { ok: true, value: { by: 'crm', note } } } });
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('Tab');
    await one.page.keyboard.type('mangler «moderasjon»');
    await one.page.keyboard.press('Control+Enter');
    await one.page.getByTestId('reported').waitFor();
    const sent = await inputs(one, 'directory.report');
    expect(sent).toEqual([{ id: expect.any(String), personId: 'anne', kind: 'missingKeywords', text: 'mangler «moderasjon»' }]);
    await expect.poll(() => inputs(one, 'outbox.status').then((asked) => asked.length)).toBeGreaterThan(1);
    await one.page.keyboard.press('Enter');
    await expect.poll(() => one.page.evaluate(() => document.activeElement?.id)).toBe('search');
    // Neither key reached what stands below the form.
    expect(await inputs(one, 'notes.submit')).toEqual([]);
    expect((await one.asked()).filter((asked) => asked.startsWith('transfer'))).toEqual([]);
    expect(one.trouble).toEqual([]);
  });

  test('by mail opens the link', async () => {
    const href = 'mailto:katalog@eksempel.no?subject=Anne%20Lie';
    const one = await stage.open({ answers: { 'directory.report': { ok: true, value: { by: 'mail', href } } } });
    await one.page.evaluate(() => {
      window.open = (url) => {
        document.body.dataset['opened'] = String(url);
        return null;
      };
    });
    await one.search('barnehage');
    await one.page.keyboard.press('Control+F7');
    await one.page.getByRole('button', { name: 'Send', exact: true }).click();
    await one.page.getByTestId('reported').getByText('e-postprogrammet').waitFor();
    expect(await one.page.locator('body').getAttribute('data-opened')).toBe(href);
  });

  test('when nobody takes reports it says so and keeps the text; tried again it is the same report', async () => {
    const one = await open({
      answers: { 'directory.report': { ok: false, error: { code: 'not-configured', message: 'nobody' } } },
    });
    await one.page.getByLabel('Hva burde stå der?').fill('22 05 10 02');
    await one.page.keyboard.press('Control+Enter');
    await one.page.getByRole('dialog').getByRole('alert').getByText('Ingen er satt opp').waitFor();
    expect(await one.page.getByLabel('Hva burde stå der?').inputValue()).toBe('22 05 10 02');
    await one.page.keyboard.press('Control+Enter');
    await expect.poll(async () => (await inputs(one, 'directory.report')).length).toBe(2);
    const [first, second] = await inputs(one, 'directory.report');
    expect(second).toEqual(first);
  });
});

describe('the own entry', () => {
  const settings = async (answers: Parameters<Stage['open']>[0] = {}) => {
    const one = await stage.open(answers);
    await one.page.getByRole('button', { name: 'Innstillinger' }).click();
    return one;
  };

  test('says what it lacks, and leads to a report about it', async () => {
    const one = await settings();
    const lacking = one.page.getByTestId('profile').getByRole('listitem');
    await lacking.first().waitFor();
    expect(await lacking.allTextContents()).toHaveLength(3);
    await one.page.getByRole('button', { name: 'Be om retting' }).click();
    await one.page.getByRole('dialog').getByText(`Meld fra om ${people[3]!.name}`).waitFor();
  });

  test('not found says what the helpdesk sets', async () => {
    const one = await settings({
      answers: { 'directory.profile': { ok: false, error: { code: 'not-found', message: '' } } },
    });
    await one.page.getByTestId('profile').getByText('agent.directoryId').waitFor();
  });
});

describe('signing out', () => {
  const out = (one: Scene) => one.page.getByRole('button', { name: 'Logg ut' });
  async function open(answers: Answers = {}): Promise<Scene> {
    const one = await stage.open({ answers });
    await one.page.getByRole('button', { name: 'Innstillinger' }).click();
    await out(one).waitFor();
    return one;
  }

  test('forgets, says so, and signs in again to a window that works once, not twice', async () => {
    const one = await open();
    await one.page.getByTestId('sign-out').getByText('Passordene på denne maskinen glemmes').waitFor();
    await out(one).click();
    await one.page.getByTestId('signed-out').getByText('Passordene er glemt').waitFor();
    expect(await inputs(one, 'session.signOut')).toEqual([{ discardDrafts: false }]);
    await one.page.keyboard.press('Enter');
    await one.page.getByTestId('directory').waitFor();
    expect((await one.asked()).filter((asked) => asked === 'start')).toHaveLength(2);
    const before = (await inputs(one, 'directory.search')).length;
    await one.event('directory.changed', { people: 7, asOf: null, state: 'fresh', fault: null });
    await expect.poll(async () => (await inputs(one, 'directory.search')).length).toBe(before + 1);
    await one.talk();
    expect(one.trouble).toEqual([]);
  });

  test('notes that would be lost refuse it, with why', async () => {
    const one = await open({
      ...sessionWith({}, { policy: { ...session.policy, wipeOnSignOut: true } }),
      'session.signOut': { ok: true, value: { outcome: 'unsent', notes: 2, drafts: 1 } },
    });
    await one.page.getByTestId('sign-out').getByText('alt Samband har lagret').waitFor();
    await out(one).click();
    await one.page.getByRole('alert').getByText('2 notater er ikke kommet fram').waitFor();
    await out(one).click();
    await expect.poll(() => inputs(one, 'session.signOut')).toEqual([{ discardDrafts: false }, { discardDrafts: false }]);
  });

  test('drafts are asked about; given up, they go', async () => {
    const one = await open({ 'session.signOut': { ok: true, value: { outcome: 'unsent', notes: 0, drafts: 1 } } });
    await out(one).click();
    await one.answer({ 'session.signOut': { ok: true, value: { outcome: 'done', wiped: true } } });
    await one.page.getByRole('button', { name: 'Slett og logg ut' }).click();
    await one.page.getByTestId('signed-out').getByText('er slettet').waitFor();
    expect(await inputs(one, 'session.signOut')).toEqual([{ discardDrafts: false }, { discardDrafts: true }]);
  });

  test('a wipe that fails is not told as done; a call at hand keeps its agent', async () => {
    const one = await open({ 'session.signOut': { ok: false, error: { code: 'internal', message: 'busy' } } });
    await one.ring();
    await one.page.getByTestId('sign-out').getByText('Gjør ferdig samtalen').waitFor();
    await out(one).click({ force: true });
    expect(await inputs(one, 'session.signOut')).toEqual([]);
    await one.phone({ type: 'ended', callId: 'call-1', reason: 'missed', status: null });
    await expect.poll(() => out(one).getAttribute('aria-disabled')).toBeNull();
    await out(one).click();
    await one.page.getByTestId('signed-out').getByText('Ikke alt kunne slettes').waitFor();
  });
});
