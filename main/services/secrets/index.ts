export { createFileSecrets } from './file.ts';
export { databaseKey } from './database-key.ts';
