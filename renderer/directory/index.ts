export { DirectoryPane } from './pane.tsx';
export { consultChosen, focusSearch, searchFor, transferToChosen, useTransferTarget } from './act.ts';
export { followDirectory, useDirectory } from './store.ts';
