export { DirectoryPane } from './pane.tsx';
export { focusSearch, searchFor, transferToChosen, useTransferTarget } from './act.ts';
export { directoryStore, followDirectory, useDirectory } from './store.ts';
export { followSuggestions, refreshSuggestions } from './suggested.ts';
export { OwnProfile } from './profile.tsx';
export { ReportDialog } from './report.tsx';
export { LastSpoken, useLastSpoken } from './suggestions.tsx';
