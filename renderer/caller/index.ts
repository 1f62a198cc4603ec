export { CaseLines, CaseList } from './case-list.tsx';
export { CallerPane } from './pane.tsx';
export { whoCalls } from './name.ts';
export { callerOf, callerStore, casesOf, contactOf, followPops, forgetCaller, openPop, useCaller } from './store.ts';
