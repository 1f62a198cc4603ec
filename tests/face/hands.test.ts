import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStage, sessionWith, type Scene, type Stage } from './fixture/stage.ts';
import { found, note, people, pops, session, status, waiting } from './fixture/world.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(async () => {
  await stage.close();
});

async function scene(options: Parameters<Stage['open']>[0] = {}): Promise<Scene> {
  return stage.open(options);
}

const focused = (one: Scene) =>
  one.page.evaluate(
    () => document.activeElement?.id || document.activeElement?.getAttribute('aria-label') || document.activeElement?.tagName,
  );
const area = (one: Scene) => one.page.locator('.note textarea');
const inputs = async (one: Scene, name: string) =>
  (await one.bridgeAsked()).filter((asked) => asked.name === name).map((asked) => asked.input);
/** Waits until the window has asked the telephone this. */
const asksFor = (one: Scene, words: string) => expect.poll(() => one.asked()).toContain(words);

describe('a call by hand', () => {
  test('rings, is answered, held, muted and hung up from the search field, and the caret stays', async () => {
    const one = await scene();
    await one.page.locator('#search').focus();
    await one.page.keyboard.type('bar');
    await one.ring();
    expect(await focused(one)).toBe('search');
    await one.page.getByTestId('caller').getByText('Søknad om barnehageplass').waitFor();
    expect(await focused(one)).toBe('search');
    await one.page.keyboard.press('F2');
    await asksFor(one, 'answer call-1');
    await one.page.locator('[data-testid="main-card"][data-phase="active"]').waitFor();
    await one.page.keyboard.press('F3');
    await one.page.locator('[data-testid="main-card"][data-phase="held"]').waitFor();
    await one.page.keyboard.press('F3');
    await one.page.locator('[data-testid="main-card"][data-phase="active"]').waitFor();
    await one.page.keyboard.press('F6');
    await asksFor(one, 'mute call-1 true');
    await one.page.keyboard.press('F4');
    await one.page.locator('[data-testid="main-card"][data-phase="ended"]').waitFor();
    expect(await focused(one)).toBe('search');
    expect(await one.page.locator('#search').inputValue()).toBe('bar');
    expect(one.trouble).toEqual([]);
  });

  test('a window closed by mistake asks while a call is alive, and only then', async () => {
    const one = await scene();
    await one.ring();
    await one.page.keyboard.press('F2');
    await one.page.locator('[data-testid="main-card"][data-phase="active"]').waitFor();
    const asked = one.page.waitForEvent('dialog');
    await one.page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await one.page.keyboard.press('F4');
    await one.page.locator('[data-testid="main-card"][data-phase="ended"]').waitFor();
    const closed = one.page.waitForEvent('close');
    await one.page.close({ runBeforeUnload: true });
    await closed;
  });

  test('Enter in the note answers nothing, and F2 there does', async () => {
    const one = await scene();
    await one.talk();
    await area(one).focus();
    await one.ringSecond();
    await one.page.keyboard.type('en\nto');
    await one.page.keyboard.press('Enter');
    expect(await one.asked()).not.toContain('answer call-2');
    await one.page.keyboard.press('F2');
    await asksFor(one, 'answer call-2');
    // The first is held, and its note is kept for it.
    await asksFor(one, 'hold call-1 true');
    await expect
      .poll(async () => (await inputs(one, 'drafts.save')).at(-1))
      .toMatchObject({ callId: 'call-1', text: 'en\nto\n' });
  });

  test('F4 rejects a second caller on the second press only, and a held key is one press', async () => {
    const one = await scene();
    await one.talk();
    await one.ringSecond();
    await one.standStill();
    await one.page.keyboard.down('F4');
    await one.page.keyboard.down('F4');
    await one.page.getByTestId('second-card').getByText('Trykk F4 igjen for å avvise').waitFor();
    expect(await one.asked()).not.toContain('reject call-2');
    await one.page.keyboard.up('F4');
    await one.page.keyboard.press('F4');
    await asksFor(one, 'reject call-2');
    expect(await one.asked()).not.toContain('hangUp call-1');
  });

  test('a digit begins a number when nobody writes, and Enter calls it', async () => {
    const one = await scene();
    await one.page.keyboard.type('22051014');
    expect(await one.page.locator('#dial').inputValue()).toBe('22051014');
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'dial 22051014');
    await expect.poll(() => inputs(one, 'pop.open')).toEqual([{ callId: 'out-1', number: '22051014' }]);
  });

  test('a link’s number is shown, never dialled by itself', async () => {
    const one = await scene();
    await one.event('dial.requested', { number: 'tel:+4722051014' });
    await expect.poll(() => one.page.locator('#dial').inputValue()).toBe('tel:+4722051014');
    expect((await one.asked()).filter((words) => words.startsWith('dial'))).toEqual([]);
  });

  test('tones go into the call by keyboard', async () => {
    const one = await scene();
    await one.talk();
    await one.page.locator('[data-action="tones"]').click();
    await one.page.keyboard.type('1*#');
    await asksFor(one, 'digits call-1 #');
    await one.page.keyboard.press('Escape');
    expect(await one.page.getByRole('group', { name: 'Tastetoner' }).count()).toBe(0);
  });

  test('what went wrong stands on the card, in words', async () => {
    const one = await scene();
    await one.ring();
    await one.page.evaluate(() => {
      window.fixturePhone.next = { ok: false, code: 'noMicrophone', reason: 'NotFoundError' };
    });
    await one.page.keyboard.press('F2');
    await one.page.getByTestId('main-card').getByText('Samband får ikke tak i mikrofonen').waitFor();
    expect(await one.page.getByTestId('main-card').getAttribute('data-phase')).toBe('ringing');
  });

  test('the pop is marked when it was painted, and the taskbar is told', async () => {
    const one = await scene();
    await one.ring();
    await expect
      .poll(() =>
        one.page.evaluate(() =>
          performance.getEntriesByName('samband:pop-painted').map((mark) => (mark as PerformanceMark).detail as unknown),
        ),
      )
      .toEqual([{ callId: 'call-1' }]);
    await one.page.keyboard.press('F2');
    await expect.poll(() => inputs(one, 'window.attention')).toEqual([{ wanted: true }, { wanted: false }]);
  });

  test('is said to those who cannot see it', async () => {
    const one = await scene();
    await one.ring();
    await expect
      .poll(() => one.page.getByTestId('live-urgent').textContent())
      .toContain('922 11 334 ringer på Barnehageopptak');
    await one.page.keyboard.press('F2');
    await expect.poll(() => one.page.getByTestId('live-polite').textContent()).toContain('I samtale med Ingrid Solheim');
    await one.page.keyboard.press('F3');
    await expect.poll(() => one.page.getByTestId('live-polite').textContent()).toContain('på vent');
    await one.search('barnehage');
    await expect.poll(() => one.page.getByTestId('live-polite').textContent()).toContain('treff');
  });
});

describe('finding and transferring', () => {
  test('by keyboard alone: search, arrow, Enter; Escape goes back to the note', async () => {
    const one = await scene();
    await one.talk();
    await one.page.keyboard.press('Control+J');
    await one.page.keyboard.type('Hei');
    await one.search('barnehage');
    await one.page.keyboard.press('Escape');
    expect(await focused(one)).toBe('Notat');
    await one.page.keyboard.press('Control+K');
    await one.page.keyboard.press('ArrowDown');
    await one.page.getByTestId('person').getByText('Per Olsen').waitFor();
    expect(await one.page.locator('#search').getAttribute('aria-activedescendant')).toBe('hit-1');
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'dial +4722051014 quietly');
    await one.page.getByTestId('main-card').getByText('Setter over til Per Olsen').waitFor();
    await one.phone({ type: 'ended', callId: 'call-1', reason: 'transferred', status: null });
    await expect
      .poll(() => inputs(one, 'directory.transferred'))
      .toEqual([{ personId: 'per', number: '92211334', line: 'Barnehageopptak' }]);
    await expect.poll(() => one.page.getByTestId('live-polite').textContent()).toContain('er satt over til Per Olsen');
    await expect
      .poll(async () => (await inputs(one, 'callLog.add'))[0])
      .toMatchObject({ outcome: 'transferred', transferredTo: 'Per Olsen', name: 'Ingrid Solheim', wrapUpSeconds: null });
  });

  test('a colleague’s line: on the phone as it happens, asked about before the call is passed on, and free again', async () => {
    const one = await scene();
    await one.talk();
    await one.search('barnehage');
    const samira = one.page.getByRole('option', { name: /Samira/ });
    const tell = (use: 'free' | 'onPhone') => one.page.evaluate((said) => window.fixturePhone.line('+4722051277', said), use);
    await samira.getByText('Ukjent').waitFor();
    await expect.poll(() => one.page.evaluate(() => window.fixturePhone.watched())).toContain('+4722051277');
    await tell('onPhone');
    await samira.getByText('I samtale').waitFor();
    await samira.click();
    await one.page.keyboard.press('F8');
    await one.page.getByTestId('guard').getByText('Samira Moussaoui er i samtale').waitFor();
    await one.page.keyboard.press('Escape');
    await tell('free');
    await samira.getByText('Ledig').waitFor();
    await one.page.keyboard.press('F8');
    await asksFor(one, 'transfer call-1 +4722051277');
  });

  test('F8 transfers to the chosen person from the note; with nobody chosen it leads to the search', async () => {
    const one = await scene();
    await one.talk();
    await area(one).focus();
    await one.page.keyboard.press('F8');
    expect(await focused(one)).toBe('search');
    await one.search('barnehage');
    await area(one).focus();
    await one.page.keyboard.press('F8');
    await asksFor(one, 'dial +4722051001 quietly');
  });

  test('a refused transfer leaves the caller here, and says so', async () => {
    const one = await scene();
    await one.talk();
    await one.search('barnehage');
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'dial +4722051001 quietly');
    await one.phone({ type: 'ended', callId: 'out-1', reason: 'busy', status: 486 });
    await one.page.getByTestId('main-card').getByText('Anne Lie er opptatt. Innringeren er hos deg, på vent.').waitFor();
    // The voicemail of who did not take it is one key off.
    await one.page.keyboard.press('Control+F8');
    await asksFor(one, 'dial *86+4722051001 quietly');
  });

  test('somebody away: the deputy is one Enter off, the person Shift+Enter, nothing Escape', async () => {
    const one = await scene();
    await one.talk();
    await one.search('barnehage');
    const ask = async () => {
      await one.page.locator('#search').focus();
      await one.page.getByRole('option', { name: /Thorbjørn Aas/ }).click();
      await one.page.keyboard.press('Enter');
      await one.page.getByTestId('guard').waitFor();
    };
    await ask();
    expect(await one.asked()).not.toContain('dial +4722053302 quietly');
    await one.page.keyboard.press('Escape');
    expect(await one.page.getByTestId('guard').count()).toBe(0);
    expect(await focused(one)).toBe('search');
    await ask();
    await one.page.keyboard.press('Shift+Enter');
    await asksFor(one, 'dial +4722053302 quietly');
    await one.phone({ type: 'ended', callId: 'out-1', reason: 'noAnswer', status: 480 });
    await ask();
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'dial +4722051001 quietly');
  });

  test('Shift+F8 asks first: the note stays the caller’s, F7 swaps, Shift+F7 makes three, F8 leaves the two together', async () => {
    const one = await scene();
    await one.consult();
    const main = one.page.getByTestId('main-card');
    await main.getByText('Du snakker med Per Olsen, Ingrid Solheim venter').waitFor();
    await one.page.getByTestId('caller').getByText('Ingrid Solheim').first().waitFor();
    await one.page.keyboard.press('F7');
    await main.getByText('Du snakker med Ingrid Solheim, Per Olsen venter').waitFor();
    await one.page.keyboard.press('Shift+F7');
    await asksFor(one, 'join call-1 out-1 true');
    await main.getByText('Ingrid Solheim, Per Olsen og du hører hverandre').waitFor();
    await one.page.keyboard.press('F8');
    await asksFor(one, 'complete call-1 out-1');
    await main.getByText('Setter over til Per Olsen').waitFor();
  });

  test('a third call is reached behind the second, and by the key for the next', async () => {
    const one = await scene();
    await one.talk();
    await one.ringSecond();
    await one.page.keyboard.press('F2');
    await one.page.locator('[data-testid="second-card"][data-phase="held"]').waitFor();
    await one.ringThird();
    const second = one.page.getByTestId('second-card');
    await second.getByRole('button', { name: 'og én til' }).click();
    await second.getByRole('button', { name: 'Hent: Ingrid Solheim' }).click();
    await expect.poll(() => one.page.getByTestId('main-card').textContent()).toContain('Ingrid Solheim');
    await one.page.keyboard.press('Shift+F2');
    await asksFor(one, 'answer call-3');
  });

  test('without a call Enter calls', async () => {
    const one = await scene();
    await one.search('barnehage');
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'dial +4722051001');
  });

  test('each keystroke is asked at once, and an overtaken answer is dropped', async () => {
    const one = await scene();
    await one.page.evaluate(() => window.fixtureBridge.hold('directory.search'));
    const before = (await inputs(one, 'directory.search')).length;
    await one.page.locator('#search').pressSequentially('bar');
    expect((await inputs(one, 'directory.search')).slice(before)).toMatchObject([
      { query: 'b' },
      { query: 'ba' },
      { query: 'bar' },
    ]);
    const late = { ok: true, value: { hits: [{ person: { ...people[0]!, name: 'For sen' }, matches: [] }], total: 1, status } };
    await one.page.evaluate(
      ([newest, older]) => {
        const queue = window.fixtureBridge.held.get('directory.search') ?? [];
        queue[2]?.(newest);
        queue[0]?.(older);
        queue[1]?.(older);
      },
      [{ ok: true, value: found }, late] as const,
    );
    await one.page.getByRole('option', { name: /Anne Lie/ }).waitFor();
    expect(await one.page.getByText('For sen').count()).toBe(0);
  });

  test('of many hits only those in view are in the document', async () => {
    const one = await scene();
    await one.search('barnehage');
    expect(await one.page.getByRole('option').count()).toBeLessThan(20);
    expect(await one.page.getByRole('option').first().getAttribute('aria-setsize')).toBe('1240');
  });
});

describe('the note', () => {
  test('goes where the agent says, with tags by key, and "Ferdig" ends the wrap-up', async () => {
    const one = await scene();
    await one.talk();
    const done = one.page.locator('[data-action="done"]');
    expect(await one.page.getByTestId('note-target').textContent()).toContain('velg en sak');
    expect(await one.page.getByTestId('needs').textContent()).toContain('minst én merkelapp');
    expect(await done.getAttribute('aria-disabled')).toBe('true');
    await one.page.keyboard.press('Control+Shift+L');
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('ArrowDown');
    await one.page.keyboard.press('ArrowUp');
    expect(await one.page.getByTestId('note-target').textContent()).toContain('#48213');
    await one.page.keyboard.press('Control+J');
    await one.page.keyboard.type('Sendt inn på nytt.');
    // A tag keeps its key: the same again takes it away.
    for (const key of ['1', '3', '2', '3']) await one.page.keyboard.press(`Control+${key}`);
    await one.page.keyboard.press('F4');
    await one.page.locator('[data-testid="main-card"][data-phase="ended"]').waitFor();
    await one.page.keyboard.press('Control+Enter');
    await one.page.getByTestId('day').waitFor();
    const [sent] = await inputs(one, 'notes.submit');
    expect(sent).toMatchObject({
      callId: 'call-1',
      target: { kind: 'case', caseId: '48213' },
      text: 'Sendt inn på nytt.',
      tags: ['hovedopptak', 'bytte av plass'],
    });
    await expect.poll(async () => (await inputs(one, 'callLog.add')).length).toBe(2);
    expect((await inputs(one, 'callLog.add'))[1]).toMatchObject({ id: 'call-1', wrapUpSeconds: expect.any(Number) });
  });

  test('is stored as it is typed, at the latest a quarter of a second later', async () => {
    const one = await scene();
    await one.talk();
    await area(one).pressSequentially('Hei på deg');
    await expect
      .poll(async () => (await inputs(one, 'drafts.save')).at(-1))
      .toMatchObject({ callId: 'call-1', text: 'Hei på deg' });
    await one.page.getByTestId('note').getByText('lagret', { exact: true }).waitFor();
  });

  test('that could not be stored stays, and says so', async () => {
    const one = await scene();
    await one.talk();
    await one.answer({
      'drafts.save': { ok: false, error: { code: 'internal', message: 'disk' } },
      'notes.submit': { ok: false, error: { code: 'internal', message: 'disk' } },
    });
    await area(one).fill('Viktig');
    await one.page.getByText('Ikke lagret!').waitFor();
    await one.page.getByRole('option').first().click();
    await one.page.keyboard.press('Control+1');
    await one.page.keyboard.press('Control+Enter');
    await one.page.getByText('Notatet ble ikke lagret').waitFor();
    expect(await area(one).inputValue()).toBe('Viktig');
    await one.answer({ 'notes.submit': { ok: true, value: note } });
    await one.page.keyboard.press('Control+Enter');
    await expect
      .poll(async () => new Set((await inputs(one, 'notes.submit')).map((sent) => (sent as { id: string }).id)).size)
      .toBe(1);
    await expect.poll(async () => (await inputs(one, 'notes.submit')).length).toBe(2);
  });

  test('to a new case wants a subject, and takes the unknown caller’s number along', async () => {
    const one = await scene({ answers: { 'pop.open': { ok: true, value: pops.unknown } } });
    await one.talk();
    await one.page.getByTestId('caller').getByText('22 80 14 56').waitFor();
    await one.page.keyboard.press('Control+Shift+Y');
    expect(await focused(one)).toBe('Hva gjelder det?');
    await one.page.keyboard.press('Control+1');
    await one.page.keyboard.press('Control+Enter');
    expect(await inputs(one, 'notes.submit')).toEqual([]);
    await one.page.keyboard.type('Parkering');
    await one.page.keyboard.press('Control+Enter');
    await expect
      .poll(async () => (await inputs(one, 'notes.submit'))[0])
      .toMatchObject({
        target: { kind: 'newCase', subject: 'Parkering', contactId: null, number: '+4722801456' },
      });
    await expect.poll(() => one.page.getByTestId('note-state').textContent()).toBe('Notatet er sendt');
  });

  test('shows where it stands: waiting, sent, stopped', async () => {
    const one = await scene();
    await one.talk();
    await one.page.getByRole('option').first().click();
    await one.page.keyboard.press('Control+1');
    const sent = () => inputs(one, 'notes.submit').then((all) => all[0] as { id: string });
    await one.answer({ 'outbox.status': { ok: false, error: { code: 'timeout', message: '' } } });
    await one.page.keyboard.press('Control+Enter');
    const state = one.page.getByTestId('note-state');
    await expect.poll(() => state.textContent()).toContain('venter på sending');
    const mine = { ...note, id: (await sent()).id };
    await one.event('outbox.changed', { ...waiting, unsent: [{ ...mine, state: 'parked' }] });
    await expect.poll(() => state.textContent()).toContain('ikke tatt imot');
    await one.event('outbox.changed', { ...waiting, pending: 0, parked: 0, unsent: [] });
    await expect.poll(() => state.textContent()).toBe('Notatet er sendt');
    await expect.poll(() => one.page.getByTestId('live-polite').textContent()).toContain('Notatet er sendt');
  });

  test('that a crash left behind is offered, and goes on', async () => {
    const left = { callId: 'gone-1', target: null, text: 'Halvferdig', tags: ['barnehage'] };
    const one = await scene({ answers: { 'drafts.list': { ok: true, value: [left] } } });
    await one.page.getByTestId('drafts').getByRole('button', { name: 'Fortsett' }).click();
    expect(await area(one).inputValue()).toBe('Halvferdig');
    await one.page.getByTestId('day').getByRole('option').first().click();
    await one.page.keyboard.press('Control+Enter');
    await expect
      .poll(async () => (await inputs(one, 'notes.submit'))[0])
      .toMatchObject({ callId: 'gone-1', target: { kind: 'case', caseId: '48213' } });
    await expect.poll(() => one.page.getByTestId('drafts').count()).toBe(0);
  });

  test('about a call that nobody answered is offered in the agent’s day', async () => {
    const one = await scene();
    await one.ring();
    await area(one).fill('Ringte fra skolen');
    await one.phone({ type: 'ended', callId: 'call-1', reason: 'missed', status: null });
    await one.page.getByTestId('drafts').getByText('Ringte fra skolen').waitFor();
  });

  test('keeps its place and caret when somebody rings during wrap-up', async () => {
    const one = await scene();
    await one.talk();
    await area(one).fill('Første');
    await one.phone({ type: 'ended', callId: 'call-1', reason: 'remoteHungUp', status: null });
    await area(one).focus();
    await one.ringSecond();
    expect(await focused(one)).toBe('Notat');
    expect(await area(one).inputValue()).toBe('Første');
    await one.page.keyboard.press('F2');
    await asksFor(one, 'answer call-2');
    await expect.poll(() => area(one).inputValue()).toBe('');
    await one.page.keyboard.press('F4');
    await expect.poll(() => area(one).inputValue()).toBe('Første');
  });
});

describe('several possible callers', () => {
  test('none is guessed; chosen, the cases come; doubted, the choice is back', async () => {
    const one = await scene({ answers: { 'pop.open': { ok: true, value: pops.candidates } } });
    await one.ring();
    await one.page.getByTestId('caller').getByText('Hvem ringer?').waitFor();
    expect(await one.page.locator('#cases').count()).toBe(0);
    await one.page.getByRole('button', { name: 'Velg Ingrid Solheim' }).click();
    await one.page.getByRole('option', { name: /48213/ }).waitFor();
    await one.page.getByRole('button', { name: 'Feil person?' }).click();
    await one.page.getByRole('button', { name: 'Ingen av disse' }).click();
    await one.page.getByText('Valgt: ingen av dem').waitFor();
  });

  test('what the CRM adds replaces what the cache gave', async () => {
    const one = await scene({ answers: { 'pop.open': { ok: true, value: pops.stale } } });
    await one.ring();
    await expect.poll(() => one.page.getByTestId('freshness').textContent()).toContain('Saksystemet svarer ikke');
    await one.event('pop.updated', { ...pops.contact, callId: 'call-1' });
    await expect.poll(() => one.page.getByTestId('freshness').textContent()).toContain('Oppdatert fra saksystemet');
  });
});

describe('settings', () => {
  test('language and theme change at once', async () => {
    const one = await scene();
    await one.page.getByRole('button', { name: 'Innstillinger' }).click();
    await one.page.getByLabel('Språk').selectOption('nn');
    await one.page.getByLabel('Utsjånad').selectOption('dark');
    await one.page.keyboard.press('Escape');
    expect(await one.page.getByRole('dialog').count()).toBe(0);
    expect(await one.page.locator('html').getAttribute('lang')).toBe('nn');
    expect(await one.page.locator('html').getAttribute('data-color-scheme')).toBe('dark');
    expect(await inputs(one, 'preferences.change')).toEqual([{ language: 'nn' }, { theme: 'dark' }]);
  });

  test('what policy fixed cannot be changed', async () => {
    const view = { ...session.preferences, fixed: ['theme'] };
    const one = await scene({ answers: { 'session.start': { ok: true, value: { ...session, preferences: view } } } });
    await one.page.getByRole('button', { name: 'Innstillinger' }).click();
    expect(await one.page.getByLabel('Utseende').isDisabled()).toBe(true);
  });

  test('an own key works, is shown on the button and in the sheet', async () => {
    const one = await scene({ answers: sessionWith({ shortcuts: { answer: 'F7', hold: 'Alt+X' } }) });
    await one.ring();
    expect(await one.page.locator('[data-testid="main-card"] [data-action="answer"]').textContent()).toContain('F7');
    expect(await one.page.locator('[data-testid="main-card"] [data-action="hold"]').getAttribute('aria-keyshortcuts')).toBe(
      'F3',
    );
    await one.page.keyboard.press('F2');
    await one.page.keyboard.press('F1');
    await one.page.getByRole('dialog').getByText('F7', { exact: true }).waitFor();
    await one.page.getByRole('dialog').getByText('kan ikke brukes slik').waitFor();
    expect(await one.asked()).not.toContain('answer call-1');
    // A call can be taken while the sheet is open.
    await one.page.keyboard.press('F7');
    await asksFor(one, 'answer call-1');
  });

  test('a missing password is asked for, and the telephone starts when it is there', async () => {
    const refused = { ok: false, error: { code: 'secret-missing', message: 'sip' } } as const;
    const account = await scene();
    expect(await account.asked()).toContain('start');
    const one = await scene({ answers: { ...sessionWith({}, { missingSecrets: ['sip'] }), 'telephone.account': refused } });
    const field = one.page.getByLabel('Passord til telefonsentralen');
    await field.waitFor();
    expect(await focused(one)).toBe('secret');
    expect(await one.asked()).not.toContain('start');
    await one.answer({ 'telephone.account': (await import('./fixture/world.ts')).ordinary['telephone.account']! });
    await one.page.keyboard.type('hemmelig');
    await one.page.keyboard.press('Enter');
    await asksFor(one, 'start');
    expect(await inputs(one, 'secrets.set')).toEqual([{ name: 'sip', value: 'hemmelig' }]);
    expect(await one.page.getByRole('dialog').count()).toBe(0);
  });

  test('a window that cannot start says what to do', async () => {
    const one = await scene({ answers: { 'session.start': { ok: false, error: { code: 'newer-schema', message: 'v7' } } } });
    await one.page.getByText('Samband fikk ikke startet.').waitFor();
    await one.page.getByRole('button', { name: 'Kopier detaljer' }).waitFor();
  });

  test('the demo offers a caller, and only the demo', async () => {
    const plain = await scene();
    expect(await plain.page.getByTestId('demo-call').count()).toBe(0);
    const one = await scene({ answers: sessionWith({}, { demo: true }) });
    await one.page.getByTestId('demo-call').click();
    await expect.poll(async () => (await inputs(one, 'demo.call')).length).toBe(1);
  });
});
