import type { TelephoneAccount } from '#contract';

/** An account of the lab's exchange. */
export function accountOf(
  user: string,
  servers: readonly string[],
  options: Partial<Omit<TelephoneAccount, 'transfer'>> & {
    readonly domain?: string;
    readonly transfer?: Partial<TelephoneAccount['transfer']>;
  } = {},
): TelephoneAccount {
  const { domain = 'lab.test', transfer, ...change } = options;
  return {
    uri: `sip:${user}@${domain}`,
    displayName: user,
    authorizationUser: user,
    password: `pw-${user}`,
    servers: [...servers],
    registerExpiresSeconds: 60,
    iceGatheringTimeoutMs: 500,
    headers: { line: 'X-Queue', waitedSeconds: 'X-Wait' },
    greetings: {},
    hold: 'client',
    dtmf: 'rfc4733',
    voicemail: null,
    lineState: 'off',
    lineStateLimit: 50,
    ...change,
    transfer: { way: 'safe', answerSeconds: 20, nextCall: true, ...transfer },
  };
}
