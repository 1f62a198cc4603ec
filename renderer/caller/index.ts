export { CaseLines, CaseList } from './case-list.tsx';
export { CallerPane } from './pane.tsx';
export { whoCalls } from './name.ts';
export { callerOf, casesOf, contactOf, followPops, forgetCaller, openPop, useCaller } from './store.ts';
