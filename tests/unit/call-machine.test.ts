import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call, CallPhase, CallsState } from '../../renderer/call/call.ts';
import { engaged, inHand, initialCalls, step, type MachineInput } from '../../renderer/call/machine.ts';

const GREETINGS = { barnehage: 'Barnehageopptak, god dag' };
const target = { number: '22051014', name: 'Ola', personId: 'p1' };

/** Takes the steps at 1, 2, 3…; a refused one fails the test. */
function run(...inputs: MachineInput[]): CallsState {
  return inputs.reduce((state, input, i) => {
    const next = step(state, input, { at: i + 1, greetings: GREETINGS });
    if (!next.ok) throw new Error(next.why);
    return next.state;
  }, initialCalls(0));
}

const incoming = (callId: string, line: string | null = null): MachineInput => ({
  type: 'incoming',
  callId,
  remote: { number: '+4792211334', name: null },
  line,
  waitedSeconds: null,
  receivedAt: 0,
});
const dial = (callId: string): MachineInput => ({ type: 'dial', callId, number: '22051014', name: null });
const answer = (callId: string): MachineInput => ({ type: 'answer', callId });
const established = (callId: string): MachineInput => ({ type: 'established', callId });
const hold = (callId: string, on: boolean): MachineInput => ({ type: 'hold', callId, on });
const transferTo = (callId: string, legId: string | null = null): MachineInput => ({
  type: 'transferTo',
  callId,
  target,
  legId,
});
const consult = (callId: string, forId: string): MachineInput => ({
  type: 'consult',
  callId,
  forId,
  number: '22051014',
  name: 'Ola',
});
const complete = (callId: string, consultId: string): MachineInput => ({ type: 'completeConsult', callId, consultId });
const merge = (callId: string, otherId: string): MachineInput => ({ type: 'merge', callId, otherId });
const refused = (callId: string): MachineInput => ({ type: 'transfer', callId, progress: { kind: 'refused', status: 486 } });
const ended = (
  callId: string,
  reason: 'remoteHungUp' | 'missed' | 'busy' | 'lost' | 'transferred' = 'remoteHungUp',
): MachineInput => ({
  type: 'ended',
  callId,
  reason,
  status: null,
});

/** Call `a` on hold, call `b` in hand. */
const ANSWERED_TWICE = [incoming('a'), answer('a'), established('a'), incoming('b'), answer('b'), established('b')];

/** How to bring call `a` into each phase. */
const PATHS: Record<CallPhase, MachineInput[]> = {
  ringing: [incoming('a')],
  answering: [incoming('a'), answer('a')],
  dialling: [dial('a')],
  remoteRinging: [dial('a'), { type: 'ringing', callId: 'a' }],
  active: [incoming('a'), answer('a'), established('a')],
  held: [incoming('a'), answer('a'), established('a'), hold('a', true)],
  transferring: [incoming('a'), answer('a'), established('a'), transferTo('a')],
  conference: [...ANSWERED_TWICE, merge('a', 'b')],
  joined: [incoming('a'), answer('a'), established('a'), transferTo('a', 'leg'), established('leg'), refused('a')],
  ended: [incoming('a'), answer('a'), established('a'), ended('a')],
};

/** Input → from which phases it is allowed, and where it leads; elsewhere it is refused. */
const TABLE: [string, MachineInput, Partial<Record<CallPhase, CallPhase | 'gone'>>][] = [
  ['answer', answer('a'), { ringing: 'answering' }],
  ['answerFailed', { type: 'answerFailed', callId: 'a' }, { answering: 'ringing' }],
  ['ringing', { type: 'ringing', callId: 'a' }, { dialling: 'remoteRinging', remoteRinging: 'remoteRinging' }],
  ['established', established('a'), { answering: 'active', dialling: 'active', remoteRinging: 'active' }],
  [
    'hold on',
    hold('a', true),
    { active: 'held', held: 'held', transferring: 'transferring', conference: 'conference', joined: 'joined' },
  ],
  [
    'hold off',
    hold('a', false),
    { active: 'active', held: 'active', transferring: 'transferring', conference: 'conference', joined: 'joined' },
  ],
  ['resume', { type: 'resume', callId: 'a' }, { held: 'held' }],
  ['transferTo', transferTo('a'), { active: 'transferring', held: 'transferring' }],
  ['consult', consult('c', 'a'), { active: 'held', held: 'held', conference: 'held' }],
  ['part', { type: 'part', callId: 'a' }, { conference: 'active' }],
  ['transferFailed', { type: 'transferFailed', callId: 'a', reason: 'noAnswer' }, { transferring: 'held', joined: 'held' }],
  // A blind one is the exchange's: nothing can be called back.
  ['cancelTransfer', { type: 'cancelTransfer', callId: 'a' }, { joined: 'held' }],
  ['transfer refused', refused('a'), { transferring: 'held' }],
  ['transfer ringing', { type: 'transfer', callId: 'a', progress: { kind: 'ringing' } }, { transferring: 'transferring' }],
  ['transfer done', { type: 'transfer', callId: 'a', progress: { kind: 'done' } }, { transferring: 'transferring' }],
  [
    'ended',
    ended('a'),
    {
      ringing: 'gone',
      answering: 'gone',
      dialling: 'gone',
      remoteRinging: 'gone',
      active: 'ended',
      held: 'ended',
      conference: 'ended',
      transferring: 'ended',
      joined: 'ended',
    },
  ],
  ['finishWrapUp', { type: 'finishWrapUp', callId: 'a' }, { ended: 'gone' }],
];

describe('transitions', () => {
  for (const [name, input, allowed] of TABLE) {
    for (const [phase, path] of Object.entries(PATHS) as [CallPhase, MachineInput[]][]) {
      const to = allowed[phase];
      it(`${name} in ${phase} → ${to ?? 'refused'}`, () => {
        const before = run(...path);
        expect(before.calls[0]?.phase).toBe(phase);
        const next = step(before, input, { at: 100, greetings: {} });
        if (to === undefined) expect(next.ok).toBe(false);
        else expect(next.ok && (next.state.calls[0]?.phase ?? 'gone')).toBe(to);
      });
    }
  }
});

describe('several calls', () => {
  it('answering a second call holds the first, and keys act on the second', () => {
    const state = run(...PATHS.active, incoming('b'), answer('b'));
    expect(state.calls.map((call) => call.phase)).toEqual(['held', 'answering']);
    expect(state.activeId).toBe('b');
  });

  it('no call is taken while another is being set up', () => {
    const state = run(dial('a'), incoming('b'));
    expect(step(state, answer('b'), { at: 9, greetings: {} }).ok).toBe(false);
    expect(step(state, dial('c'), { at: 9, greetings: {} }).ok).toBe(false);
  });

  it('a ring beside a call leaves the keys on the call', () => {
    expect(run(...PATHS.held, incoming('b')).activeId).toBe('a');
  });

  it('the oldest ringing call has the keys when nothing else is there', () => {
    expect(run(incoming('a'), incoming('b')).activeId).toBe('a');
  });
});

describe('wrap-up and the agent', () => {
  it('begins when an answered call ends, and ends by hand', () => {
    const state = run(...PATHS.ended);
    expect(state).toMatchObject({ wrapUpId: 'a', agent: 'wrapUp', activeId: null });
    const next = step(state, { type: 'finishWrapUp', callId: 'a' }, { at: 50, greetings: {} });
    expect(next.ok && next.state).toMatchObject({ wrapUpId: null, agent: 'ready', agentSince: 50, calls: [] });
  });

  it('a missed call needs none', () => {
    expect(run(incoming('a'), ended('a', 'missed'))).toMatchObject({ wrapUpId: null, agent: 'ready', calls: [], fault: null });
  });

  it('the note in progress stays in front while another call comes and goes', () => {
    const state = run(...PATHS.ended, incoming('b'), answer('b'), established('b'));
    expect(state).toMatchObject({ wrapUpId: 'a', agent: 'onCall', activeId: 'b' });
    const both = step(state, ended('b'), { at: 60, greetings: {} });
    expect(both.ok && both.state).toMatchObject({ wrapUpId: 'a', agent: 'wrapUp' });
    const second = both.ok ? step(both.state, { type: 'finishWrapUp', callId: 'a' }, { at: 61, greetings: {} }) : both;
    expect(second.ok && second.state).toMatchObject({ wrapUpId: 'b', agent: 'wrapUp' });
  });

  it('not ready, said during a call, holds after it', () => {
    const state = run(...PATHS.active, { type: 'setReady', ready: false }, ended('a'), { type: 'finishWrapUp', callId: 'a' });
    expect(state.agent).toBe('notReady');
  });
});

describe('what the views need', () => {
  it('a line brings its greeting', () => {
    expect(run(incoming('a', 'barnehage')).calls[0]).toMatchObject({ line: 'barnehage', greeting: 'Barnehageopptak, god dag' });
  });

  it('a refused transfer is told until the next action', () => {
    const state = run(...PATHS.transferring, refused('a'));
    expect(state.calls[0]).toMatchObject({ phase: 'held', transferRefused: true, transferTarget: target });
    const next = step(state, { type: 'resume', callId: 'a' }, { at: 70, greetings: {} });
    expect(next.ok && next.state.calls[0]).toMatchObject({ transferRefused: false });
  });

  it('a dialled number that is busy, and a lost call, are told; a caller who hangs up is not', () => {
    expect(run(dial('a'), ended('a', 'busy')).fault?.code).toBe('busy');
    expect(run(...PATHS.active, ended('a', 'lost')).fault?.code).toBe('lost');
    expect(run(...PATHS.ended).fault).toBeNull();
  });

  it('the guard falls with its call', () => {
    const state = run(...PATHS.active, incoming('b'), { type: 'guard', callId: 'b', until: 99 });
    expect(state.guard).toEqual({ callId: 'b', until: 99 });
    const next = step(state, ended('b', 'missed'), { at: 80, greetings: {} });
    expect(next.ok && next.state.guard).toBeNull();
  });
});

describe('a safe transfer', () => {
  const under = [...PATHS.active, transferTo('a', 'leg')];

  it('its leg is no call of its own: ringing, answer and end belong to the caller', () => {
    expect(run(...under, { type: 'ringing', callId: 'leg' }).calls).toMatchObject([{ id: 'a', transferRinging: true }]);
    expect(run(...under, established('leg')).calls).toMatchObject([
      { id: 'a', phase: 'transferring', transferLeg: { id: 'leg', answered: true } },
    ]);
  });

  it.each(['busy', 'missed', 'lost'] as const)('unanswered (%s), the caller is back, with the reason', (reason) => {
    expect(run(...under, ended('leg', reason)).calls).toMatchObject([
      { phase: 'held', transferRefused: true, transferReason: reason, transferLeg: null, transferTarget: target },
    ]);
  });

  it('answered, the end of the leg alone is no refusal; the refusal of the rest joins them here', () => {
    expect(run(...under, established('leg'), ended('leg')).calls).toMatchObject([{ phase: 'transferring', transferLeg: null }]);
    expect(run(...under, established('leg'), ended('leg'), refused('a')).calls).toMatchObject([{ phase: 'held' }]);
    expect(run(...PATHS.joined).calls).toMatchObject([{ phase: 'joined', transferLeg: { id: 'leg' } }]);
    expect(run(...PATHS.joined, ended('a')).calls).toMatchObject([{ phase: 'ended', endReason: 'transferred' }]);
  });

  it('leaves the agent free where the policy says so, and always once they are joined', () => {
    const agentIn = (inputs: MachineInput[], nextCallDuringTransfer: boolean) =>
      inputs.reduce((state, input, i) => {
        const next = step(state, input, { at: i, greetings: {}, nextCallDuringTransfer });
        if (!next.ok) throw new Error(next.why);
        return next.state;
      }, initialCalls(0)).agent;
    expect(agentIn(under, false)).toBe('onCall');
    expect(agentIn(under, true)).toBe('ready');
    expect(agentIn(PATHS.joined, false)).toBe('ready');
  });

  it('is called back while it rings', () => {
    expect(run(...under, { type: 'cancelTransfer', callId: 'a' }).calls).toMatchObject([
      { phase: 'held', transferRefused: false, transferLeg: null },
    ]);
  });
});

describe('a consultation', () => {
  const consulting = [...PATHS.active, consult('c', 'a'), established('c')];

  it('holds the caller, and owes no note', () => {
    expect(run(...consulting).calls).toMatchObject([{ phase: 'held' }, { phase: 'active', consultFor: 'a' }]);
    expect(run(...consulting, ended('c'))).toMatchObject({
      wrapUpId: null,
      activeId: 'a',
      calls: [{ id: 'a', phase: 'held' }],
    });
  });

  it('of which nobody took notice is told with the caller, not as a fault', () => {
    expect(run(...PATHS.active, consult('c', 'a'), ended('c', 'busy'))).toMatchObject({
      fault: null,
      calls: [{ id: 'a', transferRefused: true, transferReason: 'busy', transferTarget: { name: 'Ola' } }],
    });
  });

  it('is completed: the colleague’s call is part of the caller’s, whether answered or still ringing', () => {
    expect(run(...consulting, complete('a', 'c')).calls).toMatchObject([
      { id: 'a', phase: 'transferring', transferLeg: { id: 'c', answered: true } },
    ]);
    expect(run(...PATHS.active, consult('c', 'a'), { type: 'ringing', callId: 'c' }, complete('a', 'c')).calls).toMatchObject([
      { id: 'a', phase: 'transferring', transferRinging: true, transferLeg: { id: 'c', answered: false } },
    ]);
  });
});

describe('a conference', () => {
  it('has two calls in hand; when one ends the other is an ordinary call', () => {
    const state = run(...PATHS.conference);
    expect(state.calls.map((call) => call.phase)).toEqual(['conference', 'conference']);
    expect(state.activeId).toBe('a');
    expect(run(...PATHS.conference, ended('a')).calls).toMatchObject([{ phase: 'ended' }, { phase: 'active' }]);
  });

  it('waits as a whole when another call is taken', () => {
    expect(run(...PATHS.conference, incoming('c'), answer('c')).calls.map((call) => call.phase)).toEqual([
      'held',
      'held',
      'answering',
    ]);
  });
});

describe('whatever happens', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const leg = fc.constantFrom('leg1', 'leg2', 'b');
  const input: fc.Arbitrary<MachineInput> = fc.oneof(
    id.map((callId) => incoming(callId)),
    id.map(dial),
    id.map(answer),
    id.map(established),
    fc.tuple(id, fc.boolean()).map(([callId, on]) => hold(callId, on)),
    id.map((callId): MachineInput => ({ type: 'ringing', callId })),
    id.map((callId): MachineInput => ({ type: 'resume', callId })),
    id.map((callId): MachineInput => ({ type: 'answerFailed', callId })),
    fc.tuple(id, fc.boolean()).map(([callId, on]): MachineInput => ({ type: 'mute', callId, on })),
    id.map((callId) => transferTo(callId)),
    fc.tuple(id, leg).map(([callId, legId]) => transferTo(callId, legId)),
    id.map(refused),
    leg.map(established),
    leg.map((callId) => ended(callId)),
    leg.map((callId): MachineInput => ({ type: 'ringing', callId })),
    fc.tuple(id, id).map(([callId, forId]) => consult(callId, forId)),
    fc.tuple(id, id).map(([callId, consultId]) => complete(callId, consultId)),
    fc.tuple(id, id).map(([callId, otherId]) => merge(callId, otherId)),
    id.map((callId): MachineInput => ({ type: 'part', callId })),
    id.map((callId): MachineInput => ({ type: 'transferFailed', callId, reason: 'noAnswer' })),
    id.map((callId): MachineInput => ({ type: 'cancelTransfer', callId })),
    fc
      .tuple(
        id,
        fc.constantFrom('remoteHungUp' as const, 'missed' as const, 'busy' as const, 'lost' as const, 'transferred' as const),
      )
      .map(([callId, reason]) => ended(callId, reason)),
    id.map((callId): MachineInput => ({ type: 'finishWrapUp', callId })),
    fc.boolean().map((ready): MachineInput => ({ type: 'setReady', ready })),
    id.map((callId): MachineInput => ({ type: 'guard', callId, until: 5 })),
  );

  it('at most one call is in hand, ended ones never revive, wrap-up and the agent follow from the calls', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let state = initialCalls(0);
        const over = new Map<string, Call>();
        inputs.forEach((one, i) => {
          const next = step(state, one, { at: i + 1, greetings: {} });
          if (!next.ok) return;
          const before = state;
          state = next.state;
          const hands = state.calls.filter(inHand);
          if (hands.length > 1) expect(hands.map((call) => call.phase)).toEqual(['conference', 'conference']);
          // A leg is nobody's call, and nobody else's leg.
          const legs = state.calls.flatMap((call) => call.transferLeg?.id ?? []);
          expect(new Set(legs).size).toBe(legs.length);
          for (const call of state.calls) {
            expect(call.heldAt !== null).toBe(call.phase === 'held');
            if (call.transferLeg !== null) expect(['transferring', 'joined']).toContain(call.phase);
          }
          for (const call of state.calls) {
            if (call.phase === 'ended') over.set(call.id, call);
            else if (before.calls.some((old) => old.id === call.id)) expect(over.has(call.id)).toBe(false);
            expect(call.phase === 'ended').toBe(call.endedAt !== null);
            if (call.phase === 'ended') expect(call.answeredAt).not.toBeNull();
          }
          for (const known of over.keys()) if (!state.calls.some((call) => call.id === known)) over.delete(known);
          const waiting = state.calls.filter((call) => call.phase === 'ended');
          expect(state.wrapUpId === null).toBe(waiting.length === 0);
          if (before.wrapUpId !== null && waiting.some((call) => call.id === before.wrapUpId))
            expect(state.wrapUpId).toBe(before.wrapUpId);
          // A call that waits for its note leaves by finishWrapUp alone.
          for (const old of before.calls) {
            if (old.phase === 'ended' && !state.calls.some((call) => call.id === old.id))
              expect(one).toEqual({ type: 'finishWrapUp', callId: old.id });
          }
          const occupied = state.calls.some((call) => engaged(call) && call.phase !== 'joined');
          expect(state.agent).toBe(
            occupied ? 'onCall' : waiting.length > 0 ? 'wrapUp' : state.wantsReady ? 'ready' : 'notReady',
          );
          const active = state.calls.find((call) => call.id === state.activeId);
          expect(active === undefined).toBe(!state.calls.some((call) => call.phase !== 'ended'));
          expect(active?.phase).not.toBe('ended');
          const hand = state.calls.find(inHand);
          if (hand !== undefined) expect(state.activeId).toBe(hand.id);
        });
      }),
      { numRuns: 500 },
    );
  });
});
