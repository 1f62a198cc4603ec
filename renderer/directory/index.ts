export { DirectoryPane } from './pane.tsx';
export { focusSearch, searchFor, transferToChosen, useCanTransfer } from './act.ts';
export { followDirectory, useDirectory } from './store.ts';
