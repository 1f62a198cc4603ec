import { Registerer, RegistererState, SIPExtension, UserAgent, type Invitation, type Session } from 'sip.js';
import { Media } from './media.ts';
import { Metronome } from './metronome.ts';

export interface TelephoneOptions {
  /** `ws://…` of the exchange. */
  readonly server: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
  readonly onInvite: (invitation: Invitation) => void;
}

/** A registered SIP user agent in this process, whose calls have sound by `Media`. */
export interface Telephone {
  readonly agent: UserAgent;
  readonly domain: string;
  /** Says goodbye to every call, unregisters and closes the connection. */
  stop(): Promise<void>;
}

/** One clock for every call's sound. */
const metronome = new Metronome();

/** The sound of a call; null before its descriptions are exchanged. */
export function mediaOf(session: Session): Media | null {
  return session.sessionDescriptionHandler instanceof Media ? session.sessionDescriptionHandler : null;
}

/**
 * SIP.js refuses a re-INVITE with 500 that arrives in the same breath as the ACK of the one before (a quick hold and resume): it is still
 * taking the ACK in. Each message gets a turn of the event loop to itself.
 */
function takeOneByOne({ transport }: UserAgent): void {
  const take = transport.onMessage;
  transport.onMessage = (message) => {
    setImmediate(() => take?.(message));
  };
}

/** Connects and registers. Rejects when the exchange refuses or cannot be reached. */
export async function startTelephone({ server, domain, user, password, onInvite }: TelephoneOptions): Promise<Telephone> {
  const uri = UserAgent.makeURI(`sip:${user}@${domain}`);
  if (!uri) throw new TypeError(`not a SIP address: ${user}@${domain}`);
  const agent = new UserAgent({
    uri,
    authorizationUsername: user,
    authorizationPassword: password,
    transportOptions: { server, connectionTimeout: 5 },
    sessionDescriptionHandlerFactory: () => new Media(metronome),
    sipExtensionReplaces: SIPExtension.Supported,
    // A colleague who is busy must not ring first.
    sendInitialProvisionalResponse: false,
    logBuiltinEnabled: false,
    delegate: { onInvite },
  });
  takeOneByOne(agent);
  await agent.start();
  const registerer = new Registerer(agent, { expires: 600 });
  await new Promise<void>((resolve, reject) => {
    registerer.stateChange.addListener((state) => state === RegistererState.Registered && resolve());
    registerer
      .register({
        requestDelegate: { onReject: ({ message }) => reject(new Error(`REGISTER was refused with ${message.statusCode}`)) },
      })
      .catch(reject);
  });
  return {
    agent,
    domain,
    stop: () => agent.stop(),
  };
}
