import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

type Pane = 'left' | 'directory';
const shown = createStore<{ pane: Pane }>(() => ({ pane: 'left' }));

/** The one pane that a narrow window shows. */
export const usePane = (): Pane => useStore(shown, (state) => state.pane);

/** Shows a pane before the next line runs, so that something in it can take the focus. */
export function showPane(pane: Pane): void {
  if (shown.getState().pane !== pane) flushSync(() => shown.setState({ pane }));
}
