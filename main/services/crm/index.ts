export * from './port.ts';
export { createRequestTracker, type RequestTrackerOptions } from './request-tracker/index.ts';
export { noteSubject } from './request-tracker/wire.ts';
