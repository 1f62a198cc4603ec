import { z } from 'zod';
import { pop } from './domain/case.ts';
import { outboxStatus } from './domain/note.ts';
import { directoryStatus } from './domain/person.ts';
import { notice, preferencesView } from './domain/settings.ts';

/** Everything that the lasting process tells the window unasked. */
export const events = {
  'pop.updated': pop,
  'outbox.changed': outboxStatus,
  'directory.changed': directoryStatus,
  /** What is told of these people has changed (a calendar was read, an absence began): whoever shows them asks again. */
  'people.changed': z.object({ ids: z.array(z.string()) }),
  'preferences.changed': preferencesView,
  /** A tel:, callto: or sip: link, or `--dial`: to be shown in the dial field, never dialled by itself. */
  'dial.requested': z.object({ number: z.string() }),
  'notice.raised': notice,
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventData<N extends EventName> = z.infer<Events[N]>;
