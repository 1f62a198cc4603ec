/** Colleagues' lines: free, ringing or on the phone, for the people in view. "unknown" is a state: nobody is free without evidence. */
import type { TelephoneAccount } from '#contract';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { callsStore, lineWatcher } from '../call/index.ts';
import { lineKey, Lines, unknownLine, type LineView } from './watch.ts';

export { unknownLine, type LineView } from './watch.ts';

const views = createStore<{ readonly byNumber: Readonly<Record<string, LineView>> }>(() => ({ byNumber: {} }));

const lines = new Lines({
  watcher: lineWatcher,
  now: Date.now,
  later(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  changed(number, view) {
    views.setState(({ byNumber: { [number]: _before, ...rest } }) => ({
      byNumber: view.state === 'unknown' && view.readAt === null ? rest : { ...rest, [number]: view },
    }));
  },
});

/** Asks by the exchange's settings from now on, whenever there is a connection. */
export function configureLines({ lineState, lineStateLimit }: Pick<TelephoneAccount, 'lineState' | 'lineStateLimit'>): void {
  lines.use({ events: lineState, limit: lineStateLimit });
}

/** Follows the telephone's own connection until the returned function is called. */
export function followConnection(): () => void {
  lines.connected(callsStore.getState().line.kind === 'registered');
  return callsStore.subscribe(({ line }) => lines.connected(line.kind === 'registered'));
}

/** Follows these numbers' lines (those in view) until the returned function is called. A number may be watched from several places. */
export function watchLines(numbers: readonly string[]): () => void {
  return lines.watch(numbers);
}

/** As `watchLines` while the component is there. */
export function useWatchedLines(numbers: readonly string[]): void {
  const key = numbers.map(lineKey).join(' ');
  useEffect(() => watchLines(key.split(' ')), [key]);
}

/** What is known of a number's line, as it changes; null is nobody's number. Somebody has to watch it. */
export function useLine(number: string | null): LineView {
  return useStore(views, ({ byNumber }) => (number === null ? unknownLine : (byNumber[lineKey(number)] ?? unknownLine)));
}

/** What is known of a number's line now. */
export function lineOf(number: string | null): LineView {
  return number === null ? unknownLine : (views.getState().byNumber[lineKey(number)] ?? unknownLine);
}
