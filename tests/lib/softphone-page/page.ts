/** The renderer's own telephone with nothing round it; the bridge answers everything with nothing. */
import type { CallEvent, CallsState, Telephone } from '../../../renderer/call/index.ts';
import type * as Lines from '../../../renderer/lines/index.ts';

export interface SoftphoneWindow {
  softphone?: {
    readonly telephone: Telephone;
    readonly events: { readonly type: CallEvent['type']; readonly callId: string; readonly endReason: string | null }[];
    state(): CallsState;
    readonly lines: typeof Lines;
  };
  samband: unknown;
}

const view = window as unknown as SoftphoneWindow;
view.samband = {
  call: (name: string, input: unknown) => {
    // The telephone's log, for whoever looks into a failure.
    if (name === 'log.write') console.info(JSON.stringify(input));
    return Promise.resolve({ ok: true, value: null });
  },
  on: () => () => undefined,
};

const { callsStore, telephone } = await import('../../../renderer/call/index.ts');
const lines = await import('../../../renderer/lines/index.ts');
lines.followConnection();
const events: NonNullable<SoftphoneWindow['softphone']>['events'] = [];
telephone.onCallEvent(({ type, call }) => events.push({ type, callId: call.id, endReason: call.endReason }));
view.softphone = { telephone, events, state: () => callsStore.getState(), lines };
