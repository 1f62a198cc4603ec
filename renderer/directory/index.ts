export { DirectoryPane } from './pane.tsx';
export { focusSearch, searchFor, transferToChosen, useTransferTarget } from './act.ts';
export { followDirectory, useDirectory } from './store.ts';
export { followSuggestions, refreshSuggestions } from './suggested.ts';
export { LastSpoken, useLastSpoken } from './suggestions.tsx';
