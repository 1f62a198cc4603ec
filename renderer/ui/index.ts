export { announce, LiveRegions } from './announce.tsx';
export { isEditable, useMedia, useNow } from './hooks.ts';
export { Modal } from './modal.tsx';
export { showPane, usePane } from './pane.ts';
export { CopyDetails, Empty, Guarded, Marked, Spot, Swap } from './parts.tsx';
