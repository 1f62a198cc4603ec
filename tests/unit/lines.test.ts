import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LineReport } from '../../renderer/call/phone.ts';
import { lineUseOfDialogs, lineUseOfPidf, readDialogInfo } from '../../renderer/call/sip/line-use.ts';
import { lineKey, Lines, pauseAfter, type LineView } from '../../renderer/lines/watch.ts';

const info = (dialogs: string, attributes = 'version="1" state="full"') =>
  `<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ${attributes} entity="sip:a@b">${dialogs}</dialog-info>`;
const dialog = (id: string, state: string, direction = 'recipient') =>
  `<dialog id="${id}" direction="${direction}"><state>${state}</state></dialog>`;
const use = (body: string) => {
  const read = readDialogInfo(body, null);
  return read === null ? null : lineUseOfDialogs(read.info);
};

describe('dialog-info (RFC 4235)', () => {
  test.each([
    ['no call', info(''), 'free'],
    ['a call that is over', info(dialog('1', 'terminated')), 'free'],
    ['rings', info(dialog('1', 'early')), 'ringing'],
    ['calls somebody', info(dialog('1', 'trying', 'initiator')), 'onPhone'],
    ['talks', info(dialog('1', 'confirmed')), 'onPhone'],
    ['talks, and a second one rings', info(dialog('1', 'confirmed') + dialog('2', 'early')), 'onPhone'],
    [
      'with a prefix and a comment',
      '<d:dialog-info state="full"><!-- <x> --><d:dialog id="1"><d:state>early</d:state></d:dialog></d:dialog-info>',
      'ringing',
    ],
    ['something else', '<presence/>', null],
    ['nothing', '', null],
  ])('%s', (_what, body, expected) => expect(use(body)).toBe(expected));

  test('a partial one changes what it names', () => {
    const first = readDialogInfo(info(dialog('1', 'confirmed') + dialog('2', 'early')), null)!;
    const second = readDialogInfo(info(dialog('1', 'terminated'), 'version="2" state="partial"'), first.info)!;
    expect(second.gap).toBe(false);
    expect(lineUseOfDialogs(second.info)).toBe('ringing');
  });
  test('a change that was missed is noticed', () => {
    const first = readDialogInfo(info(''), null)!;
    expect(readDialogInfo(info('', 'version="3" state="partial"'), first.info)?.gap).toBe(true);
    expect(readDialogInfo(info('', 'version="1" state="partial"'), null)?.gap).toBe(true);
  });
});

describe('presence (RFC 3863, RFC 4480)', () => {
  const pidf = (inner: string) =>
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><tuple id="1">${inner}</tuple></presence>`;
  test.each([
    ['open', pidf('<status><basic>open</basic></status>'), 'free'],
    ['closed', pidf('<status><basic>closed</basic></status>'), 'unknown'],
    [
      'on the phone',
      pidf('<status><basic>open</basic></status><rpid:activities><rpid:on-the-phone/></rpid:activities>'),
      'onPhone',
    ],
    [
      'Asterisk, ringing',
      pidf('<status><basic>open</basic></status><ep:activities><ep:busy/></ep:activities><note>Ringing</note>'),
      'ringing',
    ],
    ['Asterisk, talking', pidf('<status><basic>open</basic></status><note>On the phone</note>'), 'onPhone'],
    ['nothing', '', 'unknown'],
  ])('%s', (_what, body, expected) => expect(lineUseOfPidf(body)).toBe(expected));
});

test('any body is read without a fault, and quickly', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '=', ' ', 'state', 'dialog-info', 'dialog', '/', '!--', 'early') }),
      (body) => {
        readDialogInfo(body, null);
        lineUseOfPidf(body);
      },
    ),
  );
  readDialogInfo('<a "'.repeat(20_000), null);
});

test.each([
  ['22 05 10 14', '22051014'],
  ['0047 22 05 10 14', '+4722051014'],
  ['+47 (22) 05-10.14', '+4722051014'],
])('%s is %s', (written, key) => expect(lineKey(written)).toBe(key));

test.each([
  ['a refusal', 403, null, 0, 600_000],
  ['no such user', 404, null, 0, 600_000],
  ['a moment', 503, null, 0, 15_000],
  ['again', 503, null, 2, 60_000],
  ['and again', 503, null, 40, 600_000],
  ['an end', null, null, 0, 15_000],
  ['as it says', 503, 90, 0, 90_000],
  ['at once is not at once', null, 0, 0, 1000],
])('left alone after %s', (_what, status, after, attempt, expected) =>
  expect(pauseAfter(status, after, attempt)).toBe(expected),
);

/** A telephone that takes every question, and a clock that goes by hand. */
function desk(limit = 3) {
  const open = new Map<string, (report: LineReport) => void>();
  const asked: string[] = [];
  const views = new Map<string, LineView>();
  const timers = new Set<{ at: number; run: () => void }>();
  let now = 0;
  const lines = new Lines({
    now: () => now,
    later: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    changed: (number, view) => void views.set(number, view),
    watcher: {
      watchLine(target, _events, listener) {
        asked.push(target);
        open.set(target, listener);
        return () => void open.delete(target);
      },
    },
  });
  const pass = (milliseconds: number) => {
    const until = now + milliseconds;
    for (;;) {
      const due = Array.from(timers)
        .filter((timer) => timer.at <= until)
        .toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers.delete(due);
      now = Math.max(now, due.at);
      due.run();
    }
    now = until;
  };
  lines.use({ events: 'dialog', limit });
  lines.connected(true);
  pass(0);
  return { lines, open, asked, views, pass, timers };
}

describe('who is followed', () => {
  test('only whom the agent looks at for a moment', () => {
    const { lines, asked, pass } = desk();
    const stop = lines.watch(['1']);
    pass(100);
    stop();
    lines.watch(['2']);
    pass(1000);
    expect(asked).toEqual(['2']);
  });

  test('for a while after the last look, then no more', () => {
    const { lines, open, pass, timers } = desk();
    const stop = lines.watch(['1']);
    pass(1000);
    stop();
    pass(60_000);
    expect(open.has('1')).toBe(true);
    pass(61_000);
    expect(open.has('1')).toBe(false);
    expect(timers.size).toBe(0);
  });

  test('from two places until both have gone', () => {
    const { lines, open, pass } = desk();
    const first = lines.watch(['1']);
    lines.watch(['1']);
    pass(1000);
    first();
    first();
    pass(600_000);
    expect(open.has('1')).toBe(true);
  });

  test('never more than the limit, whatever is looked at', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.array(fc.integer({ min: 1, max: 9 }).map(String)), fc.integer({ min: 0, max: 70_000 }), fc.boolean()),
        ),
        (looks) => {
          const { lines, open, pass } = desk(3);
          for (const [numbers, milliseconds, leaves] of looks) {
            const stop = lines.watch(numbers);
            pass(milliseconds);
            expect(open.size).toBeLessThanOrEqual(3);
            if (leaves) stop();
          }
        },
      ),
    );
  });

  test('what is not known any more is unknown, and asked again after a reconnect', () => {
    const { lines, open, asked, pass } = desk();
    lines.watch(['1']);
    pass(1000);
    open.get('1')!({ kind: 'use', use: 'free' });
    expect(lines.view('1')).toEqual({ state: 'free', since: null, readAt: 1000 });
    pass(5000);
    open.get('1')!({ kind: 'use', use: 'onPhone' });
    expect(lines.view('1')).toEqual({ state: 'onPhone', since: 6000, readAt: 6000 });
    lines.connected(false);
    expect(lines.view('1')).toEqual({ state: 'unknown', since: null, readAt: 6000 });
    lines.connected(true);
    pass(0);
    expect(asked).toEqual(['1', '1']);
  });

  test('a refusal is remembered, also while nobody looks', () => {
    const { lines, open, asked, pass } = desk();
    const stop = lines.watch(['1']);
    pass(1000);
    open.get('1')!({ kind: 'over', status: 403, retryAfterSeconds: null });
    stop();
    pass(200_000);
    lines.watch(['1']);
    pass(300_000);
    expect(asked).toEqual(['1']);
    pass(200_000);
    expect(asked).toEqual(['1', '1']);
  });

  test('an exchange without such events is not asked about anybody', () => {
    const { lines, open, asked, pass } = desk();
    lines.watch(['1']);
    pass(1000);
    open.get('1')!({ kind: 'over', status: 489, retryAfterSeconds: null });
    lines.watch(['2', '3']);
    pass(60_000);
    expect(asked).toEqual(['1']);
  });
});
