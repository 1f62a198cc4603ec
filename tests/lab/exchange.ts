/** What a telephone test needs of an exchange: each real one is a fixture of this shape. */
import type { TelephoneAccount } from '#contract';
import { accountOf } from '../lib/softphone-page/softphone.ts';
import type { RunningServer } from './process.ts';
import { startKamailio } from './servers/kamailio.ts';
import { startRtpengine } from './servers/rtpengine.ts';

export interface Exchange {
  readonly name: string;
  readonly domain: string;
  readonly wsUrl: string;
  /** UDP, for telephones of the public network. */
  readonly sipPort: number;
  readonly server: RunningServer;
  /** Whether it stands between the two ends of a call (B2BUA): then the far ends need not know Replaces. */
  readonly between: boolean;
  /** A user's account in the client, with what this exchange wants. */
  account(user: string, change?: Parameters<typeof accountOf>[2]): TelephoneAccount;
  /** The number rings at `sip:…@127.0.0.1:port` from now on. */
  routeNumber(number: string, contact: string): Promise<void>;
  /** Starts it again after `server.kill9`. */
  restart(): Promise<void>;
}

/** The users that every exchange of the tests has, each with the password `pw-…`. */
export const users = ['agent1', 'agent2', 'caller', 'colleague', 'stubborn'] as const;

/** Kamailio with rtpengine: a proxy. */
export async function kamailioExchange(): Promise<Exchange> {
  const rtpengine = await startRtpengine();
  const kamailio = await startKamailio({
    rtpengine,
    users: Object.fromEntries(users.map((user) => [user, `pw-${user}`])),
  });
  return {
    name: 'kamailio',
    domain: kamailio.domain,
    wsUrl: kamailio.wsUrl,
    sipPort: kamailio.sipPort,
    between: false,
    get server() {
      return kamailio.server;
    },
    account: (user, change) => accountOf(user, [kamailio.wsUrl], change),
    routeNumber: (number, contact) => kamailio.routeNumber(number, contact),
    restart: () => kamailio.restart(),
  };
}
