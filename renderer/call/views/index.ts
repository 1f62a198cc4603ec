export { CallsRow } from './calls-row.tsx';
export { focusDial, setDial } from './dial.ts';
export { cameBack, targetOf } from './describe.ts';
export { placesOf } from './places.ts';
export { usePlaces } from './use-places.ts';
