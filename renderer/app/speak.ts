import { callerOf, whoCalls } from '../caller/index.ts';
import type { CallEvent } from '../call/index.ts';
import { targetOf } from '../call/views/index.ts';
import { text } from '../text/index.ts';
import { announce } from '../ui/index.ts';

/** What a screen reader says of a call. */
export function speakOf(event: CallEvent): void {
  const t = text();
  const { call } = event;
  const { name } = whoCalls(call, callerOf(call.id), t);
  switch (event.type) {
    case 'incoming':
      return announce(t.live.incoming(name, call.line), 'urgent');
    case 'answered':
      return announce(t.live.connected(name));
    case 'held':
      return announce(t.live.held(name));
    case 'resumed':
      return announce(t.live.resumed(name));
    case 'transferring':
      return announce(t.calls.transferring(targetOf(call)));
    case 'transferRefused':
      return announce(t.calls.transferRefused(targetOf(call)), 'urgent');
    case 'ended':
      return announce(call.endReason === 'transferred' ? t.live.transferred(name, targetOf(call)) : t.live.ended(name));
    case 'wrapUpFinished':
      return undefined;
  }
}
