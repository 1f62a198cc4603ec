import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredElsewhere, remotePartyOf, secondsHeader, textHeader } from '../../renderer/call/sip/identity.ts';
import { backoff, reasonOfRefusal, transferProgressOf } from '../../renderer/call/sip/outcome.ts';
import { sipTarget } from '../../renderer/call/sip/target.ts';

describe('what somebody typed, as an address', () => {
  it.each([
    ['22 05 10 14', 'sip:22051014@lab.test'],
    ['(+47) 922 11 334', 'sip:+4792211334@lab.test'],
    ['004792211334', 'sip:+4792211334@lab.test'],
    ['22\u00a005\u202f10-14', 'sip:22051014@lab.test'],
    ['tel:+4792211334', 'sip:+4792211334@lab.test'],
    ['callto://02180', 'sip:02180@lab.test'],
    ['*45', 'sip:*45@lab.test'],
    ['#31#', 'sip:%2331%23@lab.test'],
    ['agent2', 'sip:agent2@lab.test'],
    ['sip:agent2', 'sip:agent2@lab.test'],
    ['kari@annen.no', 'sip:kari@annen.no'],
    ['SIP:kari@annen.no', 'sip:kari@annen.no'],
  ])('%s → %s', (typed, uri) => expect(sipTarget(typed, 'lab.test')).toEqual({ ok: true, uri }));

  it.each(['', '   ', '22 05 ab 14', '12a', '+', '47+92211334', 'to ord', '<sip:x@y>', 'a b@c.no', 'sip:@x'])(
    '%s is refused',
    (typed) => {
      expect(sipTarget(typed, 'lab.test').ok).toBe(false);
    },
  );

  it('never lets anything through that could begin another header', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const found = sipTarget(typed, 'lab.test');
        if (found.ok) expect(found.uri).toMatch(/^sips?:[^\s<>"]+@[^\s<>"]+$/);
      }),
    );
  });
});

describe('who calls', () => {
  it.each([
    [[], '"Kari Ås" <sip:+4792211334@outside.test>;tag=1', '+4792211334', 'Kari Ås'],
    [[], 'Kari <sip:92211334@x>;tag=1', '92211334', 'Kari'],
    [[], '<sip:92211334@x>;tag=1', '92211334', null],
    [[], 'sip:92211334@x;tag=1', '92211334', null],
    [[], '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1', null, null],
    [[], '"x" <sip:c8oqz84zk7z@anonymous.invalid>', null, 'x'],
    [[], '<sip:%2B4792211334@x>', '+4792211334', null],
    [[], '<sip:+4792211334;phone-context=x@y>', '+4792211334', null],
    [[], '"Per \\"Pelle\\" Li" <sip:1@x>', '1', 'Per "Pelle" Li'],
    [[], '<sip:x%@y>', 'x%', null],
    [[], '', null, null],
    [['<sip:+4792211334@trunk>'], '"Anonymous" <sip:anonymous@anonymous.invalid>', '+4792211334', null],
    [['"Li, Kari" <sip:+4792211334@trunk>, <tel:+4722051014>'], '<sip:1@x>', '+4792211334', 'Li, Kari'],
    [['<tel:+4722051014>'], '<sip:1@x>', '+4722051014', null],
    [['garbage'], '"Ola" <sip:1@x>', '1', 'Ola'],
  ] as const)('%j %s', (asserted, from, number, name) => expect(remotePartyOf(asserted, from)).toEqual({ number, name }));

  it('survives any text', () => {
    fc.assert(fc.property(fc.array(fc.string()), fc.string(), (asserted, from) => void remotePartyOf(asserted, from)));
  });
});

describe('headers that anybody may have written', () => {
  it.each([
    ['7', 7],
    [' 12.6 ', 13],
    ['0', 0],
    ['-1', null],
    ['1e9', null],
    ['soon', null],
    ['99999999', null],
    ['', null],
    [undefined, null],
  ])('%s seconds → %s', (text, seconds) => expect(secondsHeader(text)).toBe(seconds));

  it('text is bounded', () => {
    expect(textHeader(' barnehage ')).toBe('barnehage');
    expect(textHeader('  ')).toBeNull();
    expect(textHeader('x'.repeat(1000))).toHaveLength(100);
  });

  it.each([
    [['SIP;cause=200;text="Call completed elsewhere"'], true],
    [['Q.850;cause=26'], true],
    [['SIP ;cause=487', 'Q.850;cause=0'], false],
    [[], false],
  ])('%j', (reasons, elsewhere) => expect(answeredElsewhere(reasons)).toBe(elsewhere));
});

describe('what status codes mean', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [480, 'noAnswer'],
    [404, 'notFound'],
    [484, 'notFound'],
    [603, 'refused'],
    [403, 'refused'],
    [302, 'refused'],
    [503, 'failed'],
  ])('%d → %s', (status, reason) => expect(reasonOfRefusal(status)).toBe(reason));

  it.each([
    ['SIP/2.0 100 Trying', 'active;expires=60', null],
    ['SIP/2.0 180 Ringing\r\n', 'active', { kind: 'ringing' }],
    ['SIP/2.0 183 Session Progress', 'active', { kind: 'ringing' }],
    ['SIP/2.0 200 OK\r\n', 'terminated;reason=noresource', { kind: 'done' }],
    ['SIP/2.0 486 Busy Here', 'terminated', { kind: 'refused', status: 486 }],
    ['SIP/2.0 100 Trying', 'terminated;reason=timeout', { kind: 'refused', status: null }],
    ['', 'active', null],
    ['nonsense', 'Terminated', { kind: 'refused', status: null }],
  ])('NOTIFY %j %s', (body, state, progress) => expect(transferProgressOf(body, state)).toEqual(progress));

  it('waits at most two seconds between attempts', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        expect(backoff(attempt, random)).toBeGreaterThanOrEqual(0);
        expect(backoff(attempt, random)).toBeLessThanOrEqual(2000);
      }),
    );
  });
});
