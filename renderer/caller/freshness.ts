import type { Freshness } from '#contract';
import { ago, when, type Messages } from '../text/index.ts';

/** What is said of a number that nobody is known to have: that nobody has it only once the CRM has said so. */
export function unknownWords(freshness: Freshness, t: Messages): string {
  if (freshness.state === 'fresh' || freshness.asOf !== null) return t.caller.unknownHelp;
  switch (freshness.state) {
    case 'refreshing':
      return t.caller.asking;
    case 'failed':
      return t.caller.notKnown(t.caller.failed[freshness.fault ?? 'internal']);
    case 'cache':
      return t.caller.unreadable;
  }
}

/** How far what is shown can be trusted, in one line; `stale`: the CRM could not be asked. */
export function freshnessLine(
  freshness: Freshness,
  now: Date,
  t: Messages,
): { readonly text: string; readonly stale: boolean } {
  const asOf = freshness.asOf === null ? null : new Date(freshness.asOf);
  switch (freshness.state) {
    case 'fresh':
      return { text: t.caller.fresh(asOf === null ? t.time.now : ago(asOf, now, t)), stale: false };
    case 'refreshing':
      return { text: asOf === null ? t.caller.refreshing : t.caller.refreshingAsOf(when(asOf, now, t)), stale: false };
    case 'cache':
      return { text: asOf === null ? t.caller.cacheNever : t.caller.cache(when(asOf, now, t)), stale: false };
    case 'failed': {
      const why = t.caller.failed[freshness.fault ?? 'internal'];
      return {
        text: asOf === null ? t.caller.failedNothing(why) : t.caller.failedAsOf(why, when(asOf, now, t)),
        stale: true,
      };
    }
  }
}
