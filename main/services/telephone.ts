import { fail, ok, type Result, type TelephoneAccount } from '#contract';
import type { Secrets } from './ports.ts';
import type { Settings } from './settings/index.ts';

/** `sip:agent1@lab.test` → `agent1` (RFC 3261 section 19.1.1). */
function userPart(uri: string): string {
  return decodeURIComponent(uri.replace(/^sips?:/, '').split('@')[0] ?? '');
}

/**
 * How the softphone signs in.
 * Errors: not-configured (the settings name no exchange), secret-missing (nobody has typed its password).
 */
export async function telephoneAccount(
  settings: Pick<Settings, 'telephone' | 'agent' | 'policy'>,
  secrets: Secrets,
): Promise<Result<TelephoneAccount>> {
  const { telephone, agent, policy } = settings;
  if (!telephone) return fail('not-configured', 'The settings name no telephone exchange (telephone).');
  const password = await secrets.get('sip');
  if (password === null) return fail('secret-missing', `The password of ${telephone.uri} has not been given.`);
  return ok({
    uri: telephone.uri,
    displayName: telephone.displayName ?? agent.name,
    authorizationUser: telephone.authorizationUser ?? userPart(telephone.uri),
    password,
    servers: telephone.servers,
    registerExpiresSeconds: telephone.registerExpiresSeconds,
    iceGatheringTimeoutMs: telephone.iceGatheringTimeoutMs,
    headers: telephone.headers,
    greetings: telephone.greetings,
    hold: telephone.hold,
    dtmf: telephone.dtmf,
    voicemail: telephone.voicemail ?? null,
    transfer: {
      way: policy.transfer,
      answerSeconds: policy.transferAnswerSeconds,
      nextCall: policy.nextCallDuringTransfer,
    },
    lineState: telephone.lineState,
    lineStateLimit: telephone.lineStateLimit,
  });
}

/** The number at which the agent's own telephone answers, where its address is one (`sip:22051014@…`); null: it is a name. */
export function ownNumber({ telephone }: Pick<Settings, 'telephone'>): string | null {
  const user = telephone ? userPart(telephone.uri) : '';
  return /^\+?\d+$/.test(user) ? user : null;
}
