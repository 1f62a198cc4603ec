export { NotePane } from './pane.tsx';
export { complete, isEmpty, requirements, suggestions, cleanTag } from './requirements.ts';
export {
  discardNote,
  flushDrafts,
  forgetNote,
  keepOrForget,
  noteStore,
  restoreDrafts,
  resumeNote,
  setTarget,
  useNote,
  useNotes,
  workingOf,
  type Working,
} from './store.ts';
