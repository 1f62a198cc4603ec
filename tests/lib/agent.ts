/** The window as an agent uses it: by role and name, in Bokmål, with the keyboard. */
import type { Locator, Page } from 'playwright-core';
import { nb } from '../../renderer/text/nb.ts';
import { waitFor } from '../lab/process.ts';

export interface AgentWindow {
  readonly page: Page;
  readonly bar: Locator;
  /** The call in hand. */
  readonly call: Locator;
  /** The other one: it rings or waits. */
  readonly second: Locator;
  readonly caller: Locator;
  readonly note: Locator;
  readonly noteText: Locator;
  readonly directory: Locator;
  readonly search: Locator;
  readonly hits: Locator;
  readonly day: Locator;
  /** Signed in at the exchange: calls can come. */
  registered(): Promise<void>;
  /** One key, as tinykeys and Playwright both write it: `F2`, `Control+K`. */
  press(keys: string): Promise<void>;
  /** Adds an offered tag by the key that its button shows. */
  addTag(tag: string): Promise<void>;
  /** Waits until the call in hand is in a phase. */
  phase(phase: keyof typeof nb.calls.phase | 'none'): Promise<void>;
}

/** Reads a page that shows, or will show, the window. */
export function agentWindow(page: Page): AgentWindow {
  const region = (name: string) => page.getByRole('region', { name, exact: true });
  const call = region(nb.calls.active);
  const note = region(nb.note.label);
  const directory = region(nb.directory.label);
  return {
    page,
    bar: page.getByLabel(nb.bar.label, { exact: true }),
    call,
    second: region(nb.calls.second),
    caller: region(nb.caller.label),
    note,
    noteText: note.getByRole('textbox', { name: nb.note.text, exact: true }),
    directory,
    search: directory.getByRole('combobox', { name: nb.directory.search }),
    hits: directory.getByRole('option'),
    day: region(nb.day.label),
    registered: () => page.getByText(nb.bar.lineRegistered).first().waitFor({ timeout: 20_000 }),
    press: (keys) => page.keyboard.press(keys),
    async addTag(tag) {
      const hint = await note.getByRole('button', { name: tag, exact: true }).locator('kbd').textContent();
      const digit = /\d$/.exec(hint ?? '')?.[0];
      if (digit === undefined) throw new Error(`no key for the tag ${tag}: ${hint}`);
      await page.keyboard.press(`Control+${digit}`);
      await note.getByRole('button', { name: nb.note.removeTag(tag), exact: true }).waitFor();
    },
    async phase(phase) {
      await waitFor(async () => (await call.getAttribute('data-phase')) === phase, {
        timeoutMs: 15_000,
        what: `the call to be ${phase}`,
      });
    },
  };
}
