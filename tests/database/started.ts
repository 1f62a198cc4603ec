import { afterEach } from 'vitest';
import { events, type EventName, type Result } from '#contract';
import { startServices, type Services, type ServicesOptions } from '../../main/services/compose.ts';
import { optionsFor } from './options.ts';

export { optionsFor } from './options.ts';

const running: Services[] = [];
afterEach(async () => {
  for (const services of running.splice(0)) await services.close();
});

export interface Started {
  readonly services: Services;
  readonly at: string;
  /** What the window was told under a name, so far. */
  readonly told: (name: EventName) => unknown[];
  readonly call: (name: string, input?: unknown) => Promise<Result<unknown>>;
}

/** Starts everything under plain Node, as a composition root does; what the window is told is held against its schema. */
export async function start(at: string, more: Partial<ServicesOptions> = {}): Promise<Started> {
  const started = await startServices(optionsFor(at, more));
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
  const services = started.value;
  running.push(services);
  const told: { name: EventName; data: unknown }[] = [];
  services.onEvent((name, data) => told.push({ name, data: events[name].parse(data) }));
  const toldOf = (name: EventName) => told.filter((one) => one.name === name).map(({ data }) => data);
  return { services, at, told: toldOf, call: (name, input = null) => services.dispatch(name, input) };
}

/** A note for a new case, as the window submits it. */
export const note = {
  id: '5f0c7a52-5d0e-4a6e-9f5a-000000000001',
  callId: 'a',
  target: { kind: 'newCase', subject: 'Plass', contactId: null, number: '+4792211334' },
  text: 'Ringer igjen',
  tags: ['opptak'],
};
