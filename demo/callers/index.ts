import { SessionState, type Session } from 'sip.js';
import type { Exchange } from '../exchange/index.ts';
import { callIn, naturalPace, type Citizen, type Pace } from './citizen.ts';
import { naturalColleague, takeCall, type Colleague, type ColleaguePace } from './colleague.ts';
import { end } from './session.ts';
import { startTelephone } from './telephone.ts';

export type { Citizen, Pace } from './citizen.ts';
export type { Colleague, ColleaguePace, Temper } from './colleague.ts';
export type { SoundName } from './sound.ts';

/** When citizens call, in milliseconds: after the agent has signed in, and after the last call. Each is [least, most]. */
export interface Rhythm {
  readonly first: readonly [number, number];
  readonly next: readonly [number, number];
}
export const naturalRhythm: Rhythm = { first: [20_000, 30_000], next: [90_000, 150_000] };

export interface CallersOptions {
  readonly exchange: Exchange;
  /** The gateway accounts through which citizens call in and colleagues are reached. */
  readonly outside: { readonly user: string; readonly password: string };
  readonly inside: { readonly user: string; readonly password: string };
  /** The agent whom they call. */
  readonly agent: string;
  /** In the order of their first calls; then round and round. */
  readonly citizens: readonly Citizen[];
  readonly colleague: (number: string) => Colleague | null;
  readonly rhythm?: Rhythm;
  readonly pace?: Pace;
  readonly colleaguePace?: ColleaguePace;
}

export interface Callers {
  /** Has somebody call at once; false: nobody could answer, or somebody is ringing already. */
  callNow(): boolean;
  stop(): Promise<void>;
}

/** Citizens who call now and then, and colleagues who answer. */
export async function startCallers(options: CallersOptions): Promise<Callers> {
  const { exchange, agent } = options;
  const rhythm = options.rhythm ?? naturalRhythm;
  const live = new Set<Session>();
  const ringing = new Set<Citizen>();
  let turn = 0;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const keep = (session: Session) => {
    live.add(session);
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) live.delete(session);
    });
  };
  const where = { server: exchange.url, domain: exchange.domain };
  const outside = await startTelephone({
    ...where,
    ...options.outside,
    onInvite: (invitation) => void invitation.reject({ statusCode: 480 }).catch(() => undefined),
  });
  const inside = await startTelephone({
    ...where,
    ...options.inside,
    onInvite(invitation) {
      const colleague = options.colleague(invitation.request.to.uri.user ?? '');
      // A caller who gives up in the very moment of the answer is no fault.
      takeCall(invitation, colleague, options.colleaguePace ?? naturalColleague, keep).catch(() => undefined);
    },
  });

  function plan([least, most]: readonly [number, number]): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (exchange.isRegistered(agent) && !exchange.isInCall(agent)) callNow();
      },
      least + Math.random() * (most - least),
    ).unref();
  }

  function callNow(): boolean {
    const citizen = options.citizens[turn % options.citizens.length];
    if (stopped || !citizen || ringing.size > 0 || !exchange.isRegistered(agent)) return false;
    turn += 1;
    ringing.add(citizen);
    const calling = callIn(outside, citizen, options.pace ?? naturalPace, (session) => {
      keep(session);
      session.stateChange.addListener((state) => {
        if (state === SessionState.Established || state === SessionState.Terminated) ringing.delete(citizen);
      });
    });
    calling.catch(() => ringing.delete(citizen));
    return true;
  }

  const stopListening = exchange.on((event) => {
    if (event.type === 'registered' && event.user === agent && !exchange.isInCall(agent)) plan(rhythm.first);
    if (event.type === 'callEnded' && event.users.includes(agent)) plan(rhythm.next);
  });

  return {
    callNow,
    async stop() {
      stopped = true;
      stopListening();
      if (timer) clearTimeout(timer);
      await Promise.all([...live].map(end));
      await Promise.all([outside.stop(), inside.stop()]);
    },
  };
}
