import type { RequestTrackerSettings } from '../../settings/schema.ts';
import type { Clock, Fetch, Log } from '../../ports.ts';
import type { CrmPort } from '../port.ts';
import { createHttp } from './http.ts';
import { createReads } from './read.ts';
import { createWrites } from './write.ts';

export interface RequestTrackerOptions {
  readonly settings: RequestTrackerSettings;
  /** The secret `crm`; null when none is stored. Asked for at every call, so that a new one counts at once. */
  readonly token: () => Promise<string | null>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
  /** What a number without a country code is taken for (ISO 3166). Default NO. */
  readonly country?: string;
}

/**
 * Request Tracker 5 by its REST 2.0. The token's user needs, on the queue: SeeQueue, ShowTicket, CreateTicket, CommentOnTicket,
 * ShowTicketComments (without it nobody can tell whether an earlier note arrived), ModifyTicket, SeeCustomField and
 * ModifyCustomField; AdminUsers lets it read telephone fields, without it candidates of a shared ticket cannot be told apart.
 */
export function createRequestTracker(options: RequestTrackerOptions): CrmPort {
  const { settings, token, fetch, clock, log, country = 'NO' } = options;
  const http = createHttp({ url: settings.url, timeoutMs: settings.timeoutMs, token, fetch, clock });
  return {
    ...createReads(http, { tagField: settings.tagField, clientIdField: settings.clientIdField, country }),
    ...createWrites(http, {
      queue: settings.queue,
      tagField: settings.tagField,
      clientIdField: settings.clientIdField,
      log,
      clock,
    }),
  };
}
