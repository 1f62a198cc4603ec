/** What is asked about the person whose card is shown, and done with them. */
import type { Alternative, MessageTemplate, Person } from '#contract';
import { useEffect, useState } from 'react';
import { bridge } from '../bridge.ts';
import { activeCall, callsStore } from '../call/index.ts';
import { text } from '../text/index.ts';
import { announce } from '../ui/index.ts';
import { putInPlace, refreshSuggestions } from './suggested.ts';

/** Arrows that run through the hits ask about nobody in between. */
const SETTLED_MS = 150;

/** Who may help instead of the person; empty until it is known. */
export function useAlternatives(personId: string): readonly Alternative[] {
  const [known, setKnown] = useState<{ readonly of: string; readonly alternatives: readonly Alternative[] } | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      bridge.call('directory.alternatives', { personId }).then(
        (answer) => {
          if (!gone && answer.ok) setKnown({ of: personId, alternatives: answer.value });
        },
        () => undefined,
      );
    }, SETTLED_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [personId]);
  return known?.of === personId ? known.alternatives : [];
}

/** The messages that the helpdesk has written; asked once per card. */
export function useTemplates(): readonly MessageTemplate[] {
  const [templates, setTemplates] = useState<readonly MessageTemplate[]>([]);
  useEffect(() => {
    let gone = false;
    bridge.call('directory.messages', null).then(
      (answer) => {
        if (!gone && answer.ok) setTemplates(answer.value);
      },
      () => undefined,
    );
    return () => void (gone = true);
  }, []);
  return templates;
}

/** Opens a message to the person in the agent's own mail or message program, with the caller filled in. */
export async function write(templateId: string, person: Person): Promise<void> {
  const remote = activeCall(callsStore.getState())?.remote;
  const answer = await bridge.call('directory.message', {
    templateId,
    personId: person.id,
    number: remote?.number ?? null,
    name: remote?.name ?? null,
  });
  if (answer.ok) window.location.assign(answer.value.href);
  else announce(text().directory.writeFailed);
}

/** Marks the person as a favourite, or no longer. */
export async function setFavourite(person: Person, on: boolean): Promise<void> {
  const answer = await bridge.call('directory.favourite', { personId: person.id, on });
  if (!answer.ok) return announce(text().directory.favouriteFailed);
  putInPlace([{ ...person, favourite: on }]);
  void refreshSuggestions();
  announce(on ? text().directory.favourite : text().directory.unfavourite);
}

/** Puts a number or an address on the clipboard. */
export async function copy(what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(what);
    announce(text().app.copied);
  } catch {
    announce(text().directory.copyFailed);
  }
}
