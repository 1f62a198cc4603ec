import { describe, expect, test } from 'vitest';
import type { Draft, OutboxStatus, Person, Pop } from '#contract';
import type { Call } from '../../renderer/call/call.ts';
import { placesOf } from '../../renderer/call/views/places.ts';
import { casesOf, contactOf, mustChoose, type CallerEntry } from '../../renderer/caller/store.ts';
import { freshnessLine, unknownWords } from '../../renderer/caller/freshness.ts';
import {
  availabilityWords,
  colleagueOf,
  copyAge,
  hoursWords,
  keywordsOf,
  onPhoneFor,
  withLine,
  rangesOf,
  spotOf,
} from '../../renderer/directory/words.ts';
import { cleanTag, complete, isEmpty, requirements, suggestions } from '../../renderer/note/requirements.ts';
import { statesAfter } from '../../renderer/outbox/store.ts';
import { syncWords } from '../../renderer/outbox/sync-state.tsx';
import { catalogues } from '../../renderer/text/index.ts';
import { allSent, cases, ingrid, knut, people, pops, waiting } from '../face/fixture/world.ts';

const { nb } = catalogues;

function call(id: string, phase: Call['phase'], change: Partial<Call> = {}): Call {
  return {
    id,
    direction: 'incoming',
    phase,
    remote: { number: '22051014', name: null },
    line: null,
    greeting: null,
    waitedSeconds: null,
    startedAt: 0,
    answeredAt: null,
    endedAt: null,
    muted: false,
    heldAt: null,
    consultFor: null,
    transferTarget: null,
    transferLeg: null,
    transferRinging: false,
    transferRefused: false,
    transferReason: null,
    endReason: null,
    ...change,
  };
}

describe('which call has which card', () => {
  test.each([
    ['nothing', [], null, null, null, null, 0],
    ['one rings', [call('a', 'ringing')], 'a', null, 'a', null, 0],
    ['one rings beside the active', [call('a', 'active'), call('b', 'ringing')], 'a', null, 'a', 'b', 0],
    ['one rings in wrap-up: the note keeps its place', [call('a', 'ended'), call('b', 'ringing')], 'b', 'a', 'a', 'b', 0],
    ['answered in wrap-up: the call comes first', [call('a', 'ended'), call('b', 'active')], 'b', 'a', 'b', null, 0],
    ['ringing comes before held', [call('a', 'held'), call('b', 'active'), call('c', 'ringing')], 'b', null, 'b', 'c', 1],
    ['only a held one', [call('a', 'held')], 'a', null, 'a', null, 0],
  ] as const)('%s', (_name, calls, activeId, wrapUpId, main, second, more) => {
    const places = placesOf({ calls, activeId, wrapUpId });
    expect([places.main?.id ?? null, places.second?.id ?? null, places.rest.length]).toEqual([main, second, more]);
  });
});

describe('who calls', () => {
  const entry = (pop: Pop | null, change: Partial<CallerEntry> = {}): CallerEntry => ({
    callId: 'a',
    number: null,
    pop,
    failed: false,
    chosen: null,
    reopened: false,
    noneOfThese: false,
    ...change,
  });

  test('the only contact with the number is it', () => expect(contactOf(entry(pops.contact))).toEqual(ingrid));
  test('of several nobody is guessed, and no cases are shown', () => {
    expect(contactOf(entry(pops.candidates))).toBeNull();
    expect(mustChoose(entry(pops.candidates))).toBe(true);
    expect(casesOf(entry(pops.candidates))).toEqual([]);
  });
  test('the chosen one is it, with that one’s cases', () => {
    const chosen = entry(pops.candidates, { chosen: 'c2' });
    expect(contactOf(chosen)).toEqual(knut);
    expect(mustChoose(chosen)).toBe(false);
    expect(casesOf(chosen)).toEqual([]);
    expect(casesOf(entry(pops.candidates, { chosen: 'c1' }))).toEqual(cases);
  });
  test('doubted, the choice is open again; none of them is an answer', () => {
    expect(contactOf(entry(pops.contact, { reopened: true }))).toBeNull();
    expect(mustChoose(entry(pops.contact, { reopened: true }))).toBe(true);
    expect(mustChoose(entry(pops.contact, { noneOfThese: true }))).toBe(false);
    expect(contactOf(entry(pops.contact, { noneOfThese: true }))).toBeNull();
  });
  test('hidden and unknown are nobody', () => {
    for (const pop of [pops.hidden, pops.unknown, null]) expect(contactOf(entry(pop))).toBeNull();
  });
  test('a choice that the CRM’s answer no longer offers is no choice', () =>
    expect(contactOf(entry(pops.contact, { chosen: 'c9' }))).toBeNull());
});

describe('how fresh', () => {
  const now = new Date(2026, 10, 18, 11, 0);
  const asOf = new Date(2026, 10, 18, 8, 58).toISOString();
  test.each([
    [{ state: 'failed', asOf, fault: 'unreachable' }, 'Saksystemet svarer ikke. Viser lokal kopi fra 08:58.', true],
    [{ state: 'failed', asOf: null, fault: 'timeout' }, 'Saksystemet svarer ikke i tide. Det finnes ingen lokal kopi.', true],
    [{ state: 'refreshing', asOf, fault: null }, 'Fra lokal kopi fra 08:58. Henter nytt …', false],
    [{ state: 'cache', asOf, fault: null }, 'Fra lokal kopi, bekreftet 08:58', false],
    [{ state: 'refreshing', asOf: null, fault: null }, 'Ingen lokal kopi. Henter fra saksystemet …', false],
    [{ state: 'cache', asOf: null, fault: null }, 'Ikke slått opp i saksystemet', false],
  ] as const)('%j', (freshness, text, stale) => expect(freshnessLine(freshness, now, nb)).toEqual({ text, stale }));

  const nobody = /^Ingen i saksystemet har dette nummeret/;
  test.each([
    [{ state: 'fresh', asOf, fault: null }, nobody],
    [{ state: 'refreshing', asOf, fault: null }, nobody],
    [{ state: 'failed', asOf, fault: 'timeout' }, nobody],
    [{ state: 'refreshing', asOf: null, fault: null }, /^Spør saksystemet …$/],
    [{ state: 'failed', asOf: null, fault: 'unreachable' }, /^Vi vet ikke ennå hvem dette er. Saksystemet svarer ikke.$/],
    [
      { state: 'failed', asOf: null, fault: 'not-configured' },
      /^Vi vet ikke ennå hvem dette er. Ingen saksystem er satt opp.$/,
    ],
    [{ state: 'cache', asOf: null, fault: null }, /^Dette er ikke et telefonnummer/],
  ] as const)('that nobody has the number is said once the CRM has said so: %j', (freshness, said) =>
    expect(unknownWords(freshness, nb)).toMatch(said),
  );
});

describe('what a note needs', () => {
  const draft: Draft = { callId: 'a', target: null, text: '', tags: [] };
  test('an empty one', () => {
    expect(isEmpty(draft)).toBe(true);
    expect(requirements(draft, 2)).toEqual([
      { need: 'target', met: false },
      { need: 'tags', met: false },
    ]);
  });
  test('a new case has a subject', () => {
    const target = { kind: 'newCase', subject: ' ', contactId: null, number: null } as const;
    expect(complete({ ...draft, target, tags: ['a'] }, 1)).toBe(false);
    expect(complete({ ...draft, target: { ...target, subject: 'Parkering' }, tags: ['a'] }, 1)).toBe(true);
  });
  test('without required tags some text or tag', () => {
    const target = { kind: 'case', caseId: '1' } as const;
    expect(complete({ ...draft, target }, 0)).toBe(false);
    expect(complete({ ...draft, target, text: 'ja' }, 0)).toBe(true);
  });
  test('tags offered: the line’s first, each once', () =>
    expect(suggestions({ A: ['x', 'y'], '*': ['y', 'z'] }, 'A')).toEqual(['x', 'y', 'z']));
  test.each([
    ['  ny\n tag, ', 'ny tag'],
    [' , ', null],
    ['x'.repeat(90), 'x'.repeat(80)],
  ])('typed %j becomes %j', (typed, tag) => expect(cleanTag(typed)).toBe(tag));
});

describe('sending', () => {
  test('a note that is not waiting any more has arrived', () =>
    expect(statesAfter({ a: 'pending', [waiting.unsent[1]!.id]: 'pending' }, waiting)).toEqual({
      a: 'sent',
      [waiting.unsent[1]!.id]: 'parked',
    }));
  test.each([
    [allSent, 'Alt sendt', 'good'],
    [{ ...waiting, parked: 0, pending: 3, unreachableSince: null }, '3 venter på sending', 'warn'],
    [{ ...waiting, parked: 0, pending: 3 }, '3 lagret her, ikke sendt', 'warn'],
    [waiting, '1 ble ikke tatt imot · 1 lagret her, ikke sendt', 'bad'],
  ] as const)('%#', (status, text, tone) => expect(syncWords(status as OutboxStatus, nb)).toEqual({ text, tone }));
});

describe('a person', () => {
  const byId = (id: string): Person => people.find((one) => one.id === id)!;
  const now = new Date(2026, 10, 18, 11, 0);
  test('of an absence no more than its kind is told', () => {
    const away = {
      ...byId('thor'),
      absence: {
        kind: 'meeting',
        until: new Date(2026, 10, 18, 14, 0).toISOString(),
        source: 'calendar',
        readAt: now.toISOString(),
      },
    } as const;
    expect(availabilityWords(away, now, nb)).toBe('I møte til 14:00');
    expect(availabilityWords({ ...away, absence: { ...away.absence, kind: 'away' } }, now, nb)).toBe('Fraværende til 14:00');
    expect(spotOf(away)).toBe('absent');
    expect(availabilityWords({ ...away, absence: { ...away.absence, until: null } }, now, nb)).toBe('I møte');
  });
  test.each([
    ['Mo-Fr 08:00-15:30', 'ma-fr 08:00-15:30'],
    ['Mo-We,Fr 09:00-15:00; PH off', 'ma-on,fr 09:00-15:00; helligdag stengt'],
    ['etter avtale', 'etter avtale'],
  ])('hours %j in the window’s language', (hours, words) => expect(hoursWords(hours, nb)).toBe(words));
  const line = (state: 'free' | 'ringing' | 'onPhone' | 'unknown', since: number | null = null) => ({
    state,
    since,
    readAt: 1,
  });
  test.each([
    ['samira', 'unknown', 'unknown'],
    ['samira', 'free', 'free'],
    ['samira', 'ringing', 'onPhone'],
    ['samira', 'onPhone', 'onPhone'],
    // A line that is idle brings nobody back from a meeting; a call tells that they are there.
    ['thor', 'free', 'absent'],
    ['thor', 'onPhone', 'onPhone'],
  ] as const)('%s with a line that is %s: %s', (id, state, expected) => {
    expect(withLine(byId(id), line(state)).availability).toBe(expected);
    expect(spotOf(withLine(byId(id), line(state)))).toBe(expected);
  });
  test('for how long somebody has been on the phone', () => {
    const at = new Date(2026, 10, 18, 11, 4, 30);
    expect(onPhoneFor(line('onPhone', now.getTime()), at, nb)).toBe('I samtale 4 min');
    expect(onPhoneFor(line('onPhone', at.getTime() - 59_000), at, nb)).toBeNull();
    expect(onPhoneFor(line('onPhone'), at, nb)).toBeNull();
    expect(onPhoneFor(line('free', now.getTime()), at, nb)).toBeNull();
  });
  test('a colleague is one of the same unit who is there', () => {
    const hits = people.map((person) => ({ person, matches: [] }));
    expect(colleagueOf(byId('mina'), hits)?.id).toBe('anne');
    expect(colleagueOf(byId('thor'), hits)).toBeNull();
  });
  test('matched keywords come first, and marks belong to their own text', () => {
    const hit = {
      person: byId('per'),
      matches: [{ field: 'keyword' as const, text: 'dokumentasjon', ranges: [[0, 4]] as [number, number][] }],
    };
    expect(keywordsOf(hit)[0]).toBe('dokumentasjon');
    expect(rangesOf(hit, 'keyword', 'dokumentasjon')).toEqual([[0, 4]]);
    expect(rangesOf(hit, 'keyword', 'barnehageopptak')).toEqual([]);
  });
  test('the copy’s age is said when the directory does not answer', () => {
    const asOf = new Date(2026, 10, 18, 8, 58).toISOString();
    expect(copyAge({ people: 1, asOf, state: 'stale', fault: 'x' }, now, nb)).toEqual({
      text: 'katalogen svarer ikke, kopi fra 08:58',
      stale: true,
    });
    expect(copyAge({ people: 0, asOf: null, state: 'empty', fault: null }, now, nb).stale).toBe(true);
  });
});
