export { DayPane } from './pane.tsx';
export { logCall, refreshDay } from './store.ts';
