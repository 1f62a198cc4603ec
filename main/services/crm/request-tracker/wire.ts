/** The parts of RT's REST 2.0 answers that are used, and how they become the contract's shapes. */
import { z } from 'zod';
import type { CaseItem, CaseStatus, Contact } from '#contract';
import { normaliseNumber } from '../../numbers/index.ts';

const text = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value) => (value === null || value === undefined ? '' : String(value)));

const id = z.union([z.string(), z.number()]).transform(String);

/** Without the right SeeCustomField RT answers an empty string instead of a list. */
const customFields = z.union([z.array(z.object({ name: z.string(), values: z.array(z.string()) })), z.literal('')]).optional();

const member = z.object({
  type: z.string(),
  id,
  Name: text,
  RealName: text,
  EmailAddress: text,
  WorkPhone: text,
  MobilePhone: text,
  HomePhone: text,
  Address1: text,
  Zip: text,
  City: text,
});

export const ticketRow = z.object({
  id,
  Subject: text,
  Status: z.string(),
  Created: z.string(),
  LastUpdated: z.string(),
  Queue: z.object({ Name: text }),
  Owner: z.object({ Name: text, RealName: text }),
  Requestor: z.array(member),
  CustomFields: customFields,
});

export const ticketList = z.object({ items: z.array(ticketRow) });
/** One ticket as itself: what writing needs. */
export const ticketRecord = z.object({ id, CustomFields: customFields });
export const transactionList = z.object({ items: z.array(z.object({ id, Type: text, Data: text })) });
export const created = z.object({ id });
/** What a write answers: RT's messages, in the user's own language. */
export const messages = z.array(z.union([z.string(), z.null()]).transform((value) => value ?? ''));

export type TicketRow = z.infer<typeof ticketRow>;
export type Member = z.infer<typeof member>;
export type CustomFields = z.infer<typeof customFields>;

/** The fields that make a `ticketRow`. */
export const rowFields = {
  fields: 'Subject,Status,Queue,Owner,Created,LastUpdated,Requestor,CustomFields',
  'fields[Queue]': 'Name',
  'fields[Owner]': 'Name,RealName',
  'fields[Requestor]': 'id,Name,RealName,EmailAddress,WorkPhone,MobilePhone,HomePhone,Address1,Zip,City',
} as const;

export const phoneFields = ['WorkPhone', 'MobilePhone', 'HomePhone'] as const;

/** A field's values; null when the ticket does not show the field (it does not exist, or the token may not see it). */
export function fieldValues(fields: CustomFields, name: string): string[] | null {
  if (!fields) return null;
  return fields.find((field) => field.name === name)?.values ?? null;
}

/** RT's own statuses, and what municipalities call theirs. What is not known to be closed or waiting counts as open. */
export function caseStatusOf(status: string): CaseStatus {
  if (/^(resolved|rejected|deleted|closed|done|løst|avvist|lukket|avsluttet|ferdig)$/i.test(status)) return 'closed';
  if (/^(stalled|waiting|pending|venter|på vent)$/i.test(status)) return 'waiting';
  return 'open';
}

function instant(value: string): string {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}

/** One field may hold several numbers: `22 05 10 14 / 922 11 334`. */
export function numbersOf(user: Member, country: string): { e164: string | null; digits: string }[] {
  return phoneFields
    .flatMap((field) => user[field].split(/[/,;]| eller | or /i))
    .map((part) => normaliseNumber(part, country))
    .filter((number) => number.digits !== '');
}

export function contactOf(user: Member, country: string): Contact {
  const address = [user.Address1, [user.Zip, user.City].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return {
    id: user.id,
    name: user.RealName || user.Name || user.EmailAddress,
    numbers: [...new Set(numbersOf(user, country).map((number) => number.e164 ?? number.digits))],
    email: user.EmailAddress || null,
    address: address || null,
  };
}

export function caseOf(row: TicketRow, contactId: string | null, tagField: string): CaseItem {
  const owner = row.Owner.RealName || row.Owner.Name;
  return {
    id: row.id,
    contactId,
    subject: row.Subject,
    status: caseStatusOf(row.Status),
    queue: row.Queue.Name,
    owner: row.Owner.Name === 'Nobody' || owner === '' ? null : owner,
    tags: [...new Set(fieldValues(row.CustomFields, tagField) ?? [])],
    createdAt: instant(row.Created),
    updatedAt: instant(row.LastUpdated),
  };
}

/** The Subject of a note's comment: RT keeps it as the transaction's Data, where it is found again. */
export function noteSubject(clientId: string): string {
  return `Samband ${clientId}`;
}
