export * from './request-tracker/index.ts';
export type { RootApi, SeedContact, SeedTicket, StoredComment } from './request-tracker/root-api.ts';
