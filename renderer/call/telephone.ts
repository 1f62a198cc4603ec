import { bridge } from '../bridge.ts';
import { createTelephone, type Telephone } from './controller.ts';
import type { LineWatcher } from './phone.ts';
import { createRinger } from './ringer.ts';
import { createSipPhone } from './sip/index.ts';
import { callsStore } from './store.ts';

function log(level: 'info' | 'warn' | 'error', event: string, details: string): void {
  void bridge.call('log.write', { level, event: event.slice(0, 100), details: details.slice(0, 4000) });
}

const phone = createSipPhone({ log });
/** The telephone's ear for others' lines. */
export const lineWatcher: LineWatcher = phone;

/** The agent's telephone: one a window. */
export const telephone: Telephone = createTelephone({
  phone,
  store: callsStore,
  ringer: createRinger((event, details) => log('warn', event, details)),
  now: Date.now,
  later: (milliseconds, run) => void setTimeout(run, milliseconds),
  log,
});

// Nobody is left in a call with a window that is gone; what is sent now still leaves.
addEventListener('pagehide', () => void telephone.stop());
