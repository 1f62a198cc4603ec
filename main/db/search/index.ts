export { PeopleIndex, type Found } from './people-index.ts';
export type { Indexed } from './terms.ts';
export { matchesOf } from './highlight.ts';
export { Synonyms, type SynonymGroup } from './synonyms.ts';
export { fold } from './fold.ts';
