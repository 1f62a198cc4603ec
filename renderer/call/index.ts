/** The telephone, as the rest of the window sees it. No SIP here: that is sip/'s. */
export type { AgentState, Call, CallFault, CallPhase, CallsState, TransferTarget } from './call.ts';
export type { EndReason, LineEvents, LineReport, LineState, LineUse, LineWatcher, RemoteParty } from './phone.ts';
export type { SoundSettings, Telephone } from './controller.ts';
export { callRecordOf, type CallEvent } from './events.ts';
export { engaged, inHand } from './machine.ts';
export { conference, consultation, subjectOf } from './together.ts';
export { activeCall, callsStore, ringingCall, useCalls, wrapUpCall } from './store.ts';
export { listDevices } from './devices.ts';
export { lineWatcher, telephone } from './telephone.ts';
