export { availabilityOf, useAvailability, type Availability } from './availability.ts';
