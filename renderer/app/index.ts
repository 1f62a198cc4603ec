export { Frame } from './frame.tsx';
export { startWindow } from './wiring.ts';
