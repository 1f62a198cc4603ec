import { beforeEach, describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { CallsState } from '../../renderer/call/call.ts';
import { accountOf } from '../lib/softphone-page/account.ts';
import { createTelephone, GUARD_MS, type Telephone } from '../../renderer/call/controller.ts';
import { callRecordOf, type CallEvent } from '../../renderer/call/events.ts';
import { initialCalls } from '../../renderer/call/machine.ts';
import type { Phone, PhoneEvent, PhoneResult } from '../../renderer/call/phone.ts';

/** A telephone that does what it is told at once, and fails when the test says so. */
class FakePhone implements Phone {
  listener: (event: PhoneEvent) => void = () => undefined;
  readonly done: string[] = [];
  fails: Partial<Record<'answer' | 'dial' | 'transfer' | 'hold' | 'complete' | 'join', PhoneResult>> = {};

  start(): void {}
  async stop(): Promise<void> {}
  useDevices(): void {}
  dial(target: string, { quiet = false }: { quiet?: boolean } = {}) {
    if (target === 'x') return { ok: false as const, code: 'badTarget' as const, reason: 'x' };
    this.done.push(`dial ${target}${quiet ? ' quietly' : ''}`);
    return { ok: true as const, callId: `to-${target}`, done: Promise.resolve(this.fails.dial ?? { ok: true as const }) };
  }
  async answer(callId: string): Promise<PhoneResult> {
    this.done.push(`answer ${callId}`);
    if (this.fails.answer) return this.fails.answer;
    this.listener({ type: 'established', callId });
    return { ok: true };
  }
  async reject(callId: string): Promise<PhoneResult> {
    this.done.push(`reject ${callId}`);
    this.listener({ type: 'ended', callId, reason: 'rejected', status: null });
    return { ok: true };
  }
  async hangUp(callId: string): Promise<PhoneResult> {
    this.done.push(`hangUp ${callId}`);
    this.listener({ type: 'ended', callId, reason: 'hungUp', status: null });
    return { ok: true };
  }
  async hold(callId: string, on: boolean): Promise<PhoneResult> {
    this.done.push(`hold ${callId} ${on}`);
    this.listener({ type: 'hold', callId, on });
    return { ok: true };
  }
  mute(callId: string, on: boolean): PhoneResult {
    this.listener({ type: 'mute', callId, on });
    return { ok: true };
  }
  sendDigits(callId: string, digits: string): PhoneResult {
    this.done.push(`digits ${callId} ${digits}`);
    return { ok: true };
  }
  async transfer(callId: string, target: string): Promise<PhoneResult> {
    this.done.push(`transfer ${callId} ${target}`);
    return this.fails.transfer ?? { ok: true };
  }
  async complete(callId: string, consultId: string): Promise<PhoneResult> {
    this.done.push(`complete ${callId} ${consultId}`);
    return this.fails.complete ?? { ok: true };
  }
  async join(callId: string, otherId: string, withAgent: boolean): Promise<PhoneResult> {
    this.done.push(`join ${callId} ${otherId} ${withAgent}`);
    return this.fails.join ?? { ok: true };
  }
  part(callId: string): PhoneResult {
    this.done.push(`part ${callId}`);
    return { ok: true };
  }
  on(listener: (event: PhoneEvent) => void): () => void {
    this.listener = listener;
    return () => undefined;
  }
}

let phone: FakePhone;
let telephone: Telephone;
let state: () => CallsState;
let sounds: (string | null)[];
let events: CallEvent[];
let clock: number;
let timers: (() => void)[];

beforeEach(() => {
  phone = new FakePhone();
  sounds = [];
  events = [];
  timers = [];
  clock = 1000;
  const store = createStore<CallsState>(() => initialCalls(0));
  state = store.getState;
  telephone = createTelephone({
    phone,
    store,
    ringer: { sound: (kind) => sounds.push(kind), configure: () => undefined },
    now: () => clock,
    later: (_ms, run) => timers.push(run),
    log: () => undefined,
  });
  telephone.onCallEvent((event) => events.push(event));
});

/** Promises that are settled already take their effect. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const rings = (callId: string) =>
  phone.listener({
    type: 'incoming',
    callId,
    remote: { number: '+4792211334', name: null },
    line: null,
    waitedSeconds: null,
    receivedAt: 0,
  });
async function talking(callId: string): Promise<void> {
  rings(callId);
  telephone.answer();
  await settled();
}

describe('answering', () => {
  it('F2 takes the call that has rung longest', async () => {
    rings('a');
    rings('b');
    telephone.answer();
    await settled();
    expect(phone.done).toEqual(['answer a']);
    expect(state().calls.map((call) => call.phase)).toEqual(['active', 'ringing']);
  });

  it('a second call puts the first on hold', async () => {
    await talking('a');
    await talking('b');
    expect(phone.done).toEqual(['answer a', 'hold a true', 'answer b']);
    expect(state().calls.map((call) => call.phase)).toEqual(['held', 'active']);
  });

  it('without a microphone the call goes on ringing, and the agent is told', async () => {
    phone.fails.answer = { ok: false, code: 'noMicrophone', reason: 'getUserMedia' };
    await talking('a');
    expect(state().calls[0]?.phase).toBe('ringing');
    expect(state().fault).toMatchObject({ callId: 'a', code: 'noMicrophone' });
    expect(sounds).toEqual(['ring', null, 'ring']);
    phone.fails = {};
    telephone.answer();
    await settled();
    expect(state()).toMatchObject({ fault: null, activeId: 'a' });
  });

  it('does nothing when nothing rings', () => {
    telephone.answer();
    expect(state().fault).toBeNull();
  });
});

describe('F4', () => {
  it('rejects a ringing call at once when no other is there', async () => {
    rings('a');
    telephone.hangUpOrReject();
    await settled();
    expect(phone.done).toEqual(['reject a']);
    expect(state().calls).toEqual([]);
  });

  it('beside a call it needs a second press within a second', async () => {
    await talking('a');
    rings('b');
    telephone.hangUpOrReject();
    expect(state().guard).toEqual({ callId: 'b', until: clock + GUARD_MS });
    clock += GUARD_MS + 1;
    timers.forEach((run) => run());
    expect(state().guard).toBeNull();
    telephone.hangUpOrReject();
    clock += GUARD_MS - 1;
    telephone.hangUpOrReject();
    await settled();
    expect(phone.done).toEqual(['answer a', 'reject b']);
    expect(state().guard).toBeNull();
  });

  it('hangs up when nothing rings', async () => {
    await talking('a');
    telephone.hangUpOrReject();
    await settled();
    expect(phone.done).toEqual(['answer a', 'hangUp a']);
    expect(state().wrapUpId).toBe('a');
  });
});

describe('the sound', () => {
  it('rings alone, knocks beside a call, and stops with the answer', async () => {
    await talking('a');
    rings('b');
    phone.listener({ type: 'ended', callId: 'b', reason: 'missed', status: null });
    expect(sounds).toEqual(['ring', null, 'knock', null]);
  });
});

describe('dialling', () => {
  it('sounds while the far end rings', async () => {
    telephone.dial('22051014');
    await settled();
    phone.listener({ type: 'ringing', callId: 'to-22051014' });
    phone.listener({ type: 'established', callId: 'to-22051014' });
    expect(sounds).toEqual(['ringback', null]);
  });

  it('holds the active call, and tells what could not be dialled', async () => {
    await talking('a');
    telephone.dial('x');
    expect(state().fault?.code).toBe('badTarget');
    expect(state().calls).toHaveLength(1);
    telephone.dial('22051014', 'Ola');
    await settled();
    expect(phone.done).toEqual(['answer a', 'dial 22051014', 'hold a true']);
    expect(state().calls.at(-1)).toMatchObject({ phase: 'dialling', remote: { number: '22051014', name: 'Ola' } });
    telephone.dial('3');
    expect(state().fault?.code).toBe('wrongState');
  });

  it('a call that could not begin is gone, with its fault', async () => {
    phone.fails.dial = { ok: false, code: 'noMicrophone', reason: 'getUserMedia' };
    telephone.dial('22051014');
    await settled();
    expect(state()).toMatchObject({ calls: [], fault: { code: 'noMicrophone' }, agent: 'ready' });
  });
});

describe('hold, mute, digits', () => {
  it('taking a held call back holds the other', async () => {
    await talking('a');
    await talking('b');
    telephone.toggleHold('a');
    await settled();
    expect(state().calls.map((call) => call.phase)).toEqual(['active', 'held']);
    expect(phone.done.slice(-3)).toEqual(['part a', 'hold b true', 'hold a false']);
  });

  it('act on the active call', async () => {
    await talking('a');
    telephone.toggleMute();
    expect(state().calls[0]?.muted).toBe(true);
    telephone.toggleMute();
    expect(state().calls[0]?.muted).toBe(false);
    telephone.sendDigits('1');
    expect(phone.done).toContain('digits a 1');
  });
});

describe('transfer and wrap-up', () => {
  const target = { number: '22051014', name: 'Ola' };

  it('a REFER that is refused gives the caller back', async () => {
    telephone.start(accountOf('agent1', ['ws://x'], { transfer: { way: 'blind' } }));
    phone.fails.transfer = { ok: false, code: 'refused', reason: 'REFER 405' };
    await talking('a');
    telephone.transfer(target);
    await settled();
    expect(state().calls[0]).toMatchObject({ phase: 'held', transferRefused: true });
    expect(events.map((event) => event.type)).toEqual(['incoming', 'answered', 'transferring', 'transferRefused']);
  });

  it('the call list gets what happened', async () => {
    await talking('a');
    telephone.transfer({ ...target, personId: 'p1' });
    phone.listener({ type: 'transfer', callId: 'a', progress: { kind: 'done' } });
    clock = 5000;
    phone.listener({ type: 'ended', callId: 'a', reason: 'transferred', status: null });
    const end = events.at(-1)!;
    expect(end.type).toBe('ended');
    expect(callRecordOf(end.call, null)).toMatchObject({
      outcome: 'transferred',
      transferredTo: 'Ola',
      wrapUpSeconds: null,
      endedAt: '1970-01-01T00:00:05.000Z',
    });
    clock = 47_000;
    telephone.finishWrapUp();
    expect(events.at(-1)).toMatchObject({ type: 'wrapUpFinished', seconds: 42 });
    expect(state()).toMatchObject({ calls: [], agent: 'ready' });
  });

  it('missed and rejected calls are told as such', async () => {
    rings('a');
    phone.listener({ type: 'ended', callId: 'a', reason: 'missed', status: null });
    expect(callRecordOf(events.at(-1)!.call, null)?.outcome).toBe('missed');
    rings('b');
    telephone.reject();
    await settled();
    expect(callRecordOf(events.at(-1)!.call, null)?.outcome).toBe('rejected');
  });

  it('a late event of a call that is over changes nothing', async () => {
    await talking('a');
    telephone.hangUp();
    await settled();
    const before = state();
    phone.listener({ type: 'established', callId: 'a' });
    phone.listener({ type: 'hold', callId: 'a', on: false });
    expect(state()).toBe(before);
  });
});

describe('a safe transfer', () => {
  const target = { number: '22051014', name: 'Ola', personId: 'p1' };
  const leg = 'to-22051014';

  /** The caller waits, and the target is called without a word. */
  async function under(): Promise<void> {
    await talking('a');
    telephone.transfer(target);
    await settled();
    expect(phone.done.slice(1)).toEqual(['dial 22051014 quietly', 'hold a true']);
    phone.done.length = 0;
  }

  it('asks the exchange for the rest when the target answers, and is done only when the telephone says so', async () => {
    await under();
    phone.listener({ type: 'ringing', callId: leg });
    expect(sounds.at(-1)).toBeNull();
    phone.listener({ type: 'established', callId: leg });
    await settled();
    expect(phone.done).toEqual([`complete a ${leg}`]);
    phone.listener({ type: 'ended', callId: leg, reason: 'transferred', status: null });
    expect(state().calls[0]?.phase).toBe('transferring');
    phone.listener({ type: 'transfer', callId: 'a', progress: { kind: 'done' } });
    phone.listener({ type: 'ended', callId: 'a', reason: 'transferred', status: null });
    expect(callRecordOf(events.at(-1)!.call, null)).toMatchObject({ outcome: 'transferred', transferredTo: 'Ola' });
    expect(phone.done).toHaveLength(1);
  });

  it('an exchange that cannot do the rest: they are joined here, and the end of one is the end of both', async () => {
    phone.fails.complete = { ok: false, code: 'refused', reason: 'REFER 603' };
    await under();
    phone.listener({ type: 'established', callId: leg });
    await settled();
    expect(phone.done).toEqual([`complete a ${leg}`, `join a ${leg} false`]);
    expect(state()).toMatchObject({ fault: null, agent: 'ready', calls: [{ phase: 'joined' }] });
    phone.listener({ type: 'ended', callId: leg, reason: 'remoteHungUp', status: null });
    await settled();
    expect(phone.done.at(-1)).toBe('hangUp a');
    expect(events.at(-1)).toMatchObject({ type: 'ended', call: { endReason: 'transferred' } });
  });

  it('not answered in time, it comes back, and the ringing is ended', async () => {
    await under();
    timers.forEach((run) => run());
    await settled();
    expect(phone.done).toEqual([`hangUp ${leg}`]);
    expect(events.at(-1)).toMatchObject({
      type: 'transferRefused',
      call: { phase: 'held', transferReason: 'noAnswer', transferTarget: target },
    });
  });

  it('a timer of an earlier attempt means nothing for a later one', async () => {
    await under();
    phone.listener({ type: 'ended', callId: leg, reason: 'busy', status: 486 });
    telephone.transfer({ number: '3', name: null });
    timers[0]?.();
    expect(state().calls[0]).toMatchObject({ phase: 'transferring', transferLeg: { id: 'to-3' } });
  });

  it('a lost line brings the caller back at once', async () => {
    await under();
    phone.listener({ type: 'line', state: { kind: 'offline', since: 1 } });
    expect(state().calls[0]).toMatchObject({ phase: 'held', transferReason: 'lost' });
    expect(phone.done).toEqual([`hangUp ${leg}`]);
  });

  it('the caller hangs up: the ringing is ended', async () => {
    await under();
    phone.listener({ type: 'ended', callId: 'a', reason: 'remoteHungUp', status: null });
    expect(phone.done).toEqual([`hangUp ${leg}`]);
  });

  it('F3 takes the caller back while it rings', async () => {
    await under();
    telephone.toggleHold();
    await settled();
    expect(phone.done).toEqual([`hangUp ${leg}`, 'part a', 'hold a false']);
    expect(state().calls[0]).toMatchObject({ phase: 'active', transferRefused: false });
  });

  it('a number that cannot be dialled leaves the caller in the conversation', async () => {
    await talking('a');
    telephone.transfer({ number: 'x', name: null });
    expect(state()).toMatchObject({ fault: { code: 'badTarget' }, calls: [{ phase: 'active' }] });
  });

  it('goes to the voicemail of who did not take it, where there is a way', async () => {
    telephone.start(accountOf('agent1', ['ws://x'], { voicemail: '*86{number}' }));
    expect(telephone.voicemailOf('22 05 10 14')).toBe('*8622051014');
    await talking('a');
    telephone.transferToVoicemail(target);
    expect(phone.done).toContain('dial *8622051014 quietly');
  });
});

describe('a consultation', () => {
  const colleague = { number: '22051014', name: 'Ola' };
  const leg = 'to-22051014';

  async function consulting(): Promise<void> {
    await talking('a');
    telephone.consult(colleague);
    await settled();
    phone.listener({ type: 'established', callId: leg });
    phone.done.length = 0;
  }

  it('given up by the agent goes back to the caller; ended by the colleague it lets the caller wait', async () => {
    await consulting();
    telephone.hangUp();
    await settled();
    expect(phone.done).toEqual([`hangUp ${leg}`, 'part a', 'hold a false']);
    telephone.consult(colleague);
    await settled();
    phone.listener({ type: 'ended', callId: leg, reason: 'busy', status: 486 });
    expect(events.at(-1)).toMatchObject({ type: 'transferRefused', call: { id: 'a', phase: 'held', transferReason: 'busy' } });
  });

  it('swaps, merges, mutes once for both, and is left', async () => {
    await consulting();
    telephone.swap();
    await settled();
    expect(state().calls.map((call) => call.phase)).toEqual(['active', 'held']);
    telephone.merge();
    await settled();
    expect(phone.done.at(-1)).toBe(`join a ${leg} true`);
    telephone.toggleMute();
    expect(state().calls.map((call) => call.muted)).toEqual([true, true]);
    telephone.completeConsult();
    await settled();
    expect(phone.done.at(-1)).toBe(`complete a ${leg}`);
    expect(state().calls).toHaveLength(1);
  });

  it('a merge that fails leaves one in hand and the other waiting', async () => {
    phone.fails.join = { ok: false, code: 'wrongState', reason: 'join' };
    await consulting();
    telephone.merge();
    await settled();
    expect(state().calls.map((call) => call.phase)).toEqual(['held', 'active']);
    expect(state().fault?.code).toBe('wrongState');
  });

  it('there is one at a time', async () => {
    await consulting();
    telephone.consult({ number: '3', name: null });
    expect(state().fault?.code).toBe('wrongState');
    expect(phone.done).toEqual([]);
  });
});

describe('the next call', () => {
  it('is who rings, else who has waited longest, round and round', async () => {
    await talking('a');
    await talking('b');
    rings('c');
    clock = 2000;
    telephone.nextCall();
    await settled();
    expect(state().calls.map((call) => call.phase)).toEqual(['held', 'held', 'active']);
    const taken: (string | null)[] = [];
    for (let i = 0; i < 3; i++) {
      clock += 1000;
      telephone.nextCall();
      await settled();
      taken.push(state().activeId);
    }
    expect(taken).toEqual(['a', 'b', 'c']);
  });
});

describe('an emergency number', () => {
  it('lets the call that is being dialled give way, and is not dialled again', async () => {
    telephone.dial('22051014');
    await settled();
    telephone.dial('1 1 3');
    await settled();
    expect(phone.done).toEqual(['dial 22051014', 'hangUp to-22051014', 'dial 1 1 3']);
    phone.listener({ type: 'ended', callId: 'to-1 1 3', reason: 'remoteHungUp', status: null });
    telephone.redial();
    expect(phone.done.at(-1)).toBe('dial 22051014');
  });

  it('waits for the moment of an answer only', async () => {
    phone.answer = () => Promise.resolve({ ok: true });
    await talking('a');
    telephone.dial('112');
    expect(phone.done).toEqual([]);
    phone.listener({ type: 'established', callId: 'a' });
    await settled();
    expect(phone.done).toEqual(['dial 112', 'hold a true']);
  });
});
