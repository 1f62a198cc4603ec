import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const dialled = createStore<{ typed: string }>(() => ({ typed: '' }));

/** What stands in the number field. */
export const useDial = (): string => useStore(dialled, (state) => state.typed);

/** Puts a number in the field (a tel: link, a paste); it is never called by itself. */
export function setDial(typed: string): void {
  dialled.setState({ typed });
}

/** Puts the caret in the number field. */
export function focusDial(): void {
  document.querySelector<HTMLInputElement>('#dial')?.focus();
}
