export { DayPane } from './pane.tsx';
export { dayStore, logCall, refreshDay } from './store.ts';
