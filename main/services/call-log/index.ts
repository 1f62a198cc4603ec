import { ok, type Day } from '#contract';
import type { Database } from '../../db/client.ts';
import type { Clock } from '../ports.ts';
import type { Feature } from '../router.ts';

export interface CallLogPorts {
  readonly database: Database;
  readonly clock: Clock;
  /** Days after which a call is forgotten. */
  readonly keepDays: number;
}

/** How many calls the day's list shows. */
const shown = 50;

/** Midnight of this computer's own calendar day, `offset` days from today. */
function midnight(now: Date, offset: number): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).toISOString();
}

/** The agent's call list: callLog.add and callLog.today. Old calls are forgotten as new ones are added. */
export function createCallLog(ports: CallLogPorts): Feature<'callLog.add' | 'callLog.today'> {
  const { database, clock } = ports;
  return {
    handlers: {
      async 'callLog.add'(record) {
        await database.run('callLog.add', record);
        await database.run('callLog.removeBefore', { before: midnight(clock.now(), -ports.keepDays) });
        return ok(null);
      },
      async 'callLog.today'() {
        const now = clock.now();
        const today: Day = await database.run('callLog.between', {
          from: midnight(now, 0),
          to: midnight(now, 1),
          limit: shown,
        });
        return ok(today);
      },
    },
    close: async () => {},
  };
}
