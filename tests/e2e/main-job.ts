/**
 * The main job, from the ring to the note in the case system, through a real window: the same for every shell that the window runs in.
 * Everything but the agent is real: Kamailio, rtpengine, baresip, slapd and Request Tracker.
 */
import { expect } from 'vitest';
import { nb } from '../../renderer/text/nb.ts';
import { colleague as person, line, type Lab } from '../lab/lab.ts';
import { waitFor } from '../lab/process.ts';
import type { Baresip } from '../lab/servers/baresip.ts';
import type { AgentWindow } from '../lib/agent.ts';
import { heard } from '../lib/ears.ts';
import { hasTone, lacksTone } from '../lib/tones.ts';

/** Each party says a tone of its own (Hz), so that one can tell who hears whom. */
export const tones = { agent: 440, citizen: 1000, colleague: 1700 };
const all = Object.values(tones);

export interface Scene {
  readonly lab: Lab;
  readonly citizen: Baresip;
  readonly colleague: Baresip;
  /** The citizen's open case in Request Tracker. */
  readonly caseId: string;
}

const citizenNumber = '+4790112233';
export const subjects = { open: 'Plass i Solsiden barnehage', other: 'Søknad om redusert betaling' };

/** A citizen whom Request Tracker knows by number, with two cases, and a colleague with a telephone. */
export async function setScene(lab: Lab): Promise<Scene> {
  const { requestTracker } = lab;
  const contact = await requestTracker.seedContact({ name: 'Nora Bø', mobile: citizenNumber, email: 'nora@example.no' });
  await requestTracker.seedTicket({ subject: subjects.other, requestor: contact.name, status: 'resolved', tags: ['betaling'] });
  const caseId = await requestTracker.seedTicket({ subject: subjects.open, requestor: contact.name });
  const [citizen, colleague] = await Promise.all([
    lab.telephone({ number: citizenNumber, says: tones.citizen }),
    lab.telephone({ number: '+4722051014', says: tones.colleague }),
  ]);
  return { lab, citizen, colleague, caseId };
}

const listens = (phone: Baresip, tone: number) =>
  waitFor(() => hasTone(phone.heard(all), tone), { timeoutMs: 8000, what: `${phone.number} to hear ${tone} Hz` });
const windowHears = (window: AgentWindow, tone: number) =>
  waitFor(async () => hasTone(await heard(window.page, all), tone), { timeoutMs: 8000, what: `the window to play ${tone} Hz` });

/** Focus on the cases by keyboard, down to the open one. */
async function chooseCase(window: AgentWindow, caseId: string): Promise<void> {
  await window.press('Control+Shift+L');
  await window.press('ArrowDown');
  await window.note.getByText(nb.note.toCase(caseId, subjects.open)).waitFor();
}

/** Ring, pop, answer by keyboard, talk, find a colleague by a keyword, pass the call on, write the note with two tags. */
export async function mainJob(window: AgentWindow, { lab, citizen, colleague, caseId }: Scene): Promise<void> {
  const { page } = window;
  const noteText = 'Nora vil bytte barnehageplass før jul. Ågot ser på det.';

  // It rings, and who it is stands there before anybody has answered.
  await lab.callLine(citizen);
  await window.phase('ringing');
  expect(await page.title()).toBe(nb.app.ringingTitle);
  await window.call.getByText(line.name, { exact: true }).waitFor();
  await window.caller.getByRole('heading', { name: 'Nora Bø' }).waitFor();
  await window.caller.getByRole('option', { name: subjects.open }).waitFor();
  await window.caller.getByRole('option', { name: subjects.other }).waitFor();
  await window.caller.getByText(/^Oppdatert fra saksystemet/).waitFor();

  await window.press('F2');
  await window.phase('active');
  await windowHears(window, tones.citizen);
  await listens(citizen, tones.agent);

  // A word that only one person in the directory has.
  await window.press('Control+K');
  await page.keyboard.type('bytteplass');
  await window.hits.filter({ hasText: person.name }).waitFor();
  await window.press('ArrowDown');
  await window.directory.getByRole('region', { name: nb.directory.card }).getByRole('heading', { name: person.name }).waitFor();

  const rang = colleague.events.length;
  await window.press('F8');
  await colleague.event((event) => event.type === 'CALL_INCOMING', 'the transferred call', { from: rang });
  await window.phase('transferring');
  await colleague.answer();
  await window.phase('ended');
  await window.call.getByText(nb.calls.ended.transferred).waitFor();
  await listens(colleague, tones.citizen);
  await listens(citizen, tones.colleague);
  expect(lacksTone(citizen.heard(all), tones.agent)).toBe(true);

  await window.press('Control+J');
  await page.keyboard.type(noteText);
  await chooseCase(window, caseId);
  await window.addTag('barnehage');
  await window.addTag('opptak');
  await window.press('Control+Enter');
  await window.bar.getByText(nb.sync.allSent).waitFor();

  const comments = await waitFor(
    async () => {
      const found = await lab.requestTracker.rootApi.comments(caseId);
      return found.length > 0 ? found : null;
    },
    { timeoutMs: 10_000, what: 'the note in Request Tracker' },
  );
  expect(comments.map(({ content }) => content.trim())).toEqual([noteText]);
  expect(comments.map(({ creator }) => creator)).toEqual(['agent1']);
  await waitFor(async () => (await lab.requestTracker.rootApi.tags(caseId)).length === 2, {
    timeoutMs: 10_000,
    what: 'both tags in Request Tracker',
  });
  expect((await lab.requestTracker.rootApi.tags(caseId)).toSorted()).toEqual(['barnehage', 'opptak']);

  await citizen.hangUp();
  await window.phase('none');
}

/** The same with Request Tracker stopped: what is known is shown with its age, and the note waits until it can be sent, once. */
export async function mainJobOffline(
  window: AgentWindow,
  { lab, citizen, caseId }: Scene,
  tag: string,
  /** Done to the app while the note waits. */
  interrupt: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { rootApi } = lab.requestTracker;
  const tags = await rootApi.tags(caseId);
  const before = (await rootApi.comments(caseId)).length;
  const noteText = `Ringte igjen om ${tag}: vil ha svar før fredag.`;
  await lab.requestTracker.stop('SIGKILL');

  await lab.callLine(citizen);
  await window.phase('ringing');
  await window.caller.getByRole('heading', { name: 'Nora Bø' }).waitFor();
  await window.caller.getByRole('option', { name: subjects.open }).waitFor();
  // How old it is, and why nothing newer can be had.
  await window.caller
    .getByText(new RegExp(`^${nb.caller.failed.unreachable} Viser lokal kopi fra .*\\d\\d:\\d\\d`))
    .waitFor({ timeout: 15_000 });

  await window.press('F2');
  await window.phase('active');
  await windowHears(window, tones.citizen);
  await window.press('Control+J');
  await window.page.keyboard.type(noteText);
  await window.press('F4');
  await window.phase('ended');
  await chooseCase(window, caseId);
  await window.addTag(tag);
  await window.press('Control+Enter');
  await window.phase('none');
  await window.bar.getByText(/ikke sendt|venter på sending/).waitFor();
  await window.day.getByText(noteText).waitFor();

  await interrupt();
  await window.day.getByText(noteText).waitFor();
  await lab.requestTracker.start();
  await window.bar.getByText(nb.sync.allSent).waitFor({ timeout: 60_000 });
  const texts = (await rootApi.comments(caseId)).slice(before).map(({ content }) => content.trim());
  expect(texts).toEqual([noteText]);
  expect((await rootApi.tags(caseId)).toSorted()).toEqual([...tags, tag].toSorted());
}
