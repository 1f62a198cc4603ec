export { PeopleIndex, type Found, type Indexed } from './people-index.ts';
export { matchesOf } from './highlight.ts';
export { fold } from './fold.ts';
