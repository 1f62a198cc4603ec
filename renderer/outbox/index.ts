export { Unsent } from './unsent.tsx';
export { SyncState } from './sync-state.tsx';
export { followNote, followOutbox, outboxStore, statesAfter, useOutbox } from './store.ts';
