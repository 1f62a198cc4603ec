import type { Clock, Log } from '../../ports.ts';
import { crmFail, crmOk, type CrmPort, type CrmResult } from '../port.ts';
import type { Answer, Http } from './http.ts';
import { created, fieldValues, messages, noteSubject, ticketRecord } from './wire.ts';
import type { z } from 'zod';

export interface WriteOptions {
  readonly queue: string;
  readonly tagField: string;
  readonly clientIdField: string;
  readonly log: Log;
  readonly clock: Clock;
}

type Writes = Pick<CrmPort, 'createCase' | 'addNote' | 'changeTags'>;
type Ticket = Answer<z.infer<typeof ticketRecord>>;

/** How often a tag change is tried against somebody else's before it is given back as a conflict. */
const rounds = 10;

/**
 * How long after a change of tags it is read once more: a PUT of somebody else that passed its If-Match before ours was written is
 * written by then.
 */
const recheckMs = 300;

export function createWrites(http: Http, options: WriteOptions): Writes {
  const read = (caseId: string): Promise<CrmResult<Ticket>> =>
    http({ method: 'GET', path: `ticket/${encodeURIComponent(caseId)}` }, ticketRecord);

  return {
    async createCase(input) {
      // A numeric requestor is RT's own principal id, whatever the user is called; RT drops names with a colon or of digits alone.
      const requestor = input.contactId !== null && /^\d+$/.test(input.contactId) ? { Requestor: input.contactId } : {};
      const number = input.number === null ? '' : `\nInnringers nummer: ${input.number}`;
      const opening = input.origin === 'directory' ? 'Melding om personkatalogen.' : 'Henvendelse på telefon.';
      const sent = await http(
        {
          method: 'POST',
          path: 'ticket',
          body: {
            Queue: input.queue ?? options.queue,
            Subject: input.subject,
            ...requestor,
            Content: `${opening}${number}`,
            ContentType: 'text/plain',
            CustomFields: { [options.clientIdField]: input.clientId },
          },
        },
        created,
      );
      if (!sent.ok) return sent;
      const { id } = sent.value.body;
      const back = await read(id);
      // The case is there; that its id field is not would only show when an answer is lost, so it is said while nothing is.
      if (back.ok && !fieldValues(back.value.body.CustomFields, options.clientIdField)?.includes(input.clientId)) {
        options.log.warn('crm.client-id-not-kept', { case: id, field: options.clientIdField });
      }
      return crmOk(id);
    },

    async addNote(input) {
      const sent = await http(
        {
          method: 'POST',
          path: `ticket/${encodeURIComponent(input.caseId)}/comment`,
          body: { Subject: noteSubject(input.clientId), Content: input.text, ContentType: 'text/plain' },
        },
        messages,
      );
      return sent.ok ? crmOk(null) : sent;
    },

    /**
     * RT replaces the whole list, so: read, merge, write under If-Match, read back, and again a moment later. If-Match is not
     * atomic in RT, and a refused change is answered with 200, so only what is read back counts.
     */
    async changeTags(input) {
      const settled = (tags: readonly string[]) =>
        input.add.every((tag) => tags.includes(tag)) && input.remove.every((tag) => !tags.includes(tag));
      let current = await read(input.caseId);
      let written = false;
      for (let round = 0; round < rounds; round += 1) {
        if (!current.ok) return current;
        const tags = fieldValues(current.value.body.CustomFields, options.tagField);
        // Unseen tags must never be overwritten.
        if (tags === null) {
          return crmFail('rejected', `Case ${input.caseId} has no field "${options.tagField}" that this token may see.`);
        }
        if (settled(tags)) {
          if (!written) return crmOk([...new Set(tags)]);
          await new Promise<void>((resolve) => {
            options.clock.after(recheckMs, resolve);
          });
          written = false;
          current = await read(input.caseId);
          continue;
        }
        const before = current.value.etag;
        const merged = [...new Set([...tags, ...input.add])].filter((tag) => !input.remove.includes(tag));
        const put = await http(
          {
            method: 'PUT',
            path: `ticket/${encodeURIComponent(input.caseId)}`,
            ifMatch: before,
            body: { CustomFields: { [options.tagField]: merged } },
          },
          messages,
        );
        if (!put.ok && put.error.code !== 'conflict') return put;
        written = true;
        current = await read(input.caseId);
        // Nothing happened to the ticket at all: RT said yes and meant no.
        if (put.ok && current.ok && current.value.etag === before) {
          const now = fieldValues(current.value.body.CustomFields, options.tagField);
          if (now === null || !settled(now)) {
            const why = put.value.body.join('; ').slice(0, 300) || 'no reason given';
            return crmFail('rejected', `Request Tracker did not change the tags: ${why}.`);
          }
        }
      }
      if (!current.ok) return current;
      const tags = fieldValues(current.value.body.CustomFields, options.tagField) ?? [];
      if (settled(tags)) return crmOk([...new Set(tags)]);
      return crmFail('conflict', `The tags of case ${input.caseId} were changed by others ${rounds} times in a row.`);
    },
  };
}
