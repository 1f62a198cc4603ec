export { createSender, defaultTimings, type Sender, type SenderPorts, type SenderTimings } from './sender.ts';
