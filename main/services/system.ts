import { randomUUID } from 'node:crypto';
import type { Clock, Random } from './ports.ts';

/** The computer's own time. A pending `after` does not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() };
