import type { Language } from '#contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { en } from './en.ts';
import { nb, type Messages } from './nb.ts';
import { nn } from './nn.ts';

export type { Messages } from './nb.ts';
export * from './format.ts';
export { dialable, isEmergency, readNumber, type ReadNumber } from './number.ts';

export const catalogues: Readonly<Record<Language, Messages>> = { nb, nn, en };

const spoken = createStore<{ language: Language }>(() => ({ language: 'nb' }));

/** Changes the language of the whole window at once. */
export function setLanguage(language: Language): void {
  if (spoken.getState().language === language) return;
  spoken.setState({ language });
}

/** The words, in a component. */
export function useText(): Messages {
  return catalogues[useStore(spoken, (state) => state.language)];
}

/** The words, elsewhere (announcements). */
export function text(): Messages {
  return catalogues[spoken.getState().language];
}
