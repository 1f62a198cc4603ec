import { callerOf, whoCalls } from '../caller/index.ts';
import type { CallEvent } from '../call/index.ts';
import { cameBack, targetOf } from '../call/views/index.ts';
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
      return announce(cameBack(call, t), 'urgent');
    case 'conference':
      return announce(t.live.conference(name));
    case 'joined':
      return announce(t.live.joined(name, targetOf(call)));
    case 'ended':
      if (call.endReason === 'answeredElsewhere') return announce(t.calls.ended.answeredElsewhere);
      return announce(call.endReason === 'transferred' ? t.live.transferred(name, targetOf(call)) : t.live.ended(name));
    case 'wrapUpFinished':
      return undefined;
  }
}
