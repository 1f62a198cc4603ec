import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

type Pane = 'left' | 'directory';
const shown = createStore<{ pane: Pane }>(() => ({ pane: 'left' }));

/** The one pane that a narrow window shows. */
export const usePane = (): Pane => useStore(shown, (state) => state.pane);

export function showPane(pane: Pane): void {
  shown.setState({ pane });
}
