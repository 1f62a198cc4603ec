import { z } from 'zod';
import { instant } from './person.ts';

/** One line of the agent's call list. */
export const callRecord = z.object({
  id: z.string().min(1),
  direction: z.enum(['incoming', 'outgoing']),
  number: z.string().nullable(),
  name: z.string().nullable(),
  /** The service line that was called. */
  line: z.string().nullable(),
  startedAt: instant,
  answeredAt: instant.nullable(),
  endedAt: instant,
  outcome: z.enum(['answered', 'missed', 'rejected', 'transferred', 'failed']),
  transferredTo: z.string().nullable(),
  /** Seconds of wrap-up; null while it is going on. */
  wrapUpSeconds: z.number().nullable(),
});

/** The agent's day. */
export const day = z.object({
  calls: z.int(),
  transferred: z.int(),
  averageWrapUpSeconds: z.number().nullable(),
  recent: z.array(callRecord),
});

/** How the softphone signs in. Only the renderer of the agent's own window gets it. */
export const telephoneAccount = z.object({
  /** `sip:agent1@lab.test` */
  uri: z.string(),
  displayName: z.string(),
  authorizationUser: z.string(),
  password: z.string(),
  /** `ws://…` or `wss://…`, in order of preference. */
  servers: z.array(z.string()).min(1),
  registerExpiresSeconds: z.int(),
  iceGatheringTimeoutMs: z.int(),
  /** Which header carries what on an incoming call. */
  headers: z.object({ line: z.string(), waitedSeconds: z.string() }),
  /** What to say when a line is called: line → greeting. */
  greetings: z.record(z.string(), z.string()),
  /** Who plays to a caller on hold: this client, or the exchange by itself. */
  hold: z.enum(['client', 'exchange']),
  /** How digits go: in the sound (RFC 4733), or by INFO (application/dtmf-relay). */
  dtmf: z.enum(['rfc4733', 'info']),
  /** How somebody's voicemail is dialled, with `{number}` in it; null: there is none. */
  voicemail: z.string().nullable(),
  transfer: z.object({
    /** safe: the target is called first, and the caller comes back when nobody answers · blind: the exchange is trusted. */
    way: z.enum(['safe', 'blind']),
    /** Seconds that a target may ring. */
    answerSeconds: z.int(),
    /** Whether the next call may come while a transfer is under way. */
    nextCall: z.boolean(),
  }),
  /** How colleagues' lines are asked about: their calls (RFC 4235), their presence (RFC 3856), or not at all. */
  lineState: z.enum(['dialog', 'presence', 'off']),
  /** How many lines are followed at a time. */
  lineStateLimit: z.int(),
});

export type CallRecord = z.infer<typeof callRecord>;
export type Day = z.infer<typeof day>;
export type TelephoneAccount = z.infer<typeof telephoneAccount>;
