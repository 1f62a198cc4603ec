/**
 * Telephones that are not ours: plain SIP.js with a tone for a voice and an analyser for an ear, as many as wanted in one page. They do
 * what Debian's baresip cannot: follow a REFER, take another's place in a call (Replaces), and be heard after a hold.
 */
import { Invitation, Inviter, Registerer, RegistererState, SessionState, SIPExtension, UserAgent, type Session } from 'sip.js';
import {
  defaultPeerConnectionConfiguration,
  defaultSessionDescriptionHandlerFactory,
  type SessionDescriptionHandler,
} from 'sip.js/lib/platform/web/index.js';

export interface FarEndOptions {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  readonly server: string;
  /** Hz */
  readonly says: number;
  readonly displayName: string;
  /** Whether it knows Replaces (RFC 3891). */
  readonly replaces: boolean;
  /** Whether it follows a REFER. */
  readonly follows: boolean;
}

export interface FarEndState {
  /** Of its newest call. */
  readonly state: 'none' | 'ringing' | 'calling' | 'talking' | 'over';
  /** Calls that are not over. */
  readonly live: number;
  /** How many calls came in. */
  readonly rung: number;
  /** INFO bodies that came in. */
  readonly infos: readonly string[];
  /** Who called, as the newest call's From says. */
  readonly from: string;
}

const context = new AudioContext();

class FarEnd {
  readonly #agent: UserAgent;
  readonly #options: FarEndOptions;
  readonly #sessions: Session[] = [];
  readonly #ears = new WeakMap<Session, AnalyserNode>();
  readonly #players: HTMLAudioElement[] = [];
  readonly #infos: string[] = [];
  #rung = 0;

  constructor(options: FarEndOptions) {
    this.#options = options;
    const uri = UserAgent.makeURI(`sip:${options.user}@${options.domain}`);
    if (uri === undefined) throw new Error('no address');
    const voice = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = options.says;
    level.gain.value = 0.4;
    tone.connect(level).connect(voice);
    tone.start();
    this.#agent = new UserAgent({
      uri,
      displayName: options.displayName,
      authorizationUsername: options.user,
      authorizationPassword: options.password,
      transportOptions: { server: options.server },
      sipExtensionReplaces: options.replaces ? SIPExtension.Supported : SIPExtension.Unsupported,
      // Each call its own track: SIP.js stops them with the call.
      sessionDescriptionHandlerFactory: defaultSessionDescriptionHandlerFactory(() =>
        Promise.resolve(new MediaStream(voice.stream.getTracks().map((track) => track.clone()))),
      ),
      sessionDescriptionHandlerFactoryOptions: {
        iceGatheringTimeout: 100,
        peerConnectionConfiguration: { ...defaultPeerConnectionConfiguration(), iceServers: [] },
      },
      logBuiltinEnabled: false,
      delegate: {
        onInvite: (invitation) => {
          this.#take(invitation);
          if (invitation.replacee !== undefined) return void invitation.accept();
          this.#rung += 1;
        },
      },
    });
  }

  async start(): Promise<void> {
    await this.#agent.start();
    const registerer = new Registerer(this.#agent, { expires: 600 });
    await new Promise<void>((resolve, reject) => {
      registerer.stateChange.addListener((state) => state === RegistererState.Registered && resolve());
      registerer.register({ requestDelegate: { onReject: () => reject(new Error('REGISTER refused')) } }).catch(reject);
    });
  }

  get state(): FarEndState {
    const newest = this.#sessions.at(-1);
    const live = this.#sessions.filter((session) => session.state !== SessionState.Terminated);
    return {
      state: newest === undefined ? 'none' : stateOf(newest),
      live: live.length,
      rung: this.#rung,
      infos: this.#infos,
      from: newest instanceof Invitation ? newest.remoteIdentity.uri.toString() : '',
    };
  }

  async call(target: string): Promise<void> {
    const uri = UserAgent.makeURI(target);
    if (uri === undefined) throw new Error('no address');
    const inviter = new Inviter(this.#agent, uri);
    this.#take(inviter);
    await inviter.invite();
  }

  async answer(): Promise<void> {
    const ringing = this.#sessions.find((session) => session instanceof Invitation && session.state === SessionState.Initial);
    if (!(ringing instanceof Invitation)) throw new Error('nothing rings');
    await ringing.accept();
  }

  /** Ends or refuses everything. */
  async hangUp(): Promise<void> {
    for (const session of this.#sessions) {
      if (session.state === SessionState.Established) await session.bye();
      else if (session instanceof Invitation && session.state === SessionState.Initial)
        await session.reject({ statusCode: 603 });
      else if (session instanceof Inviter && session.state !== SessionState.Terminated) await session.cancel();
    }
  }

  /** What the newest call sounds like here: some samples. */
  samples(): { readonly samples: number[]; readonly rate: number } {
    const session = this.#sessions.findLast((one) => one.state === SessionState.Established);
    const ear = session === undefined ? undefined : this.#ears.get(session);
    if (ear === undefined) return { samples: [], rate: context.sampleRate };
    const buffer = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(buffer);
    return { samples: [...buffer], rate: context.sampleRate };
  }

  #take(session: Session): void {
    this.#sessions.push(session);
    session.delegate = {
      onInfo: (info) => {
        this.#infos.push(info.request.body);
        void info.accept();
      },
      onRefer: (referral) => {
        if (!this.#options.follows) return void referral.reject({ statusCode: 603 });
        const follow = async () => {
          await referral.accept();
          const inviter = referral.makeInviter();
          this.#take(inviter);
          await inviter.invite();
        };
        void follow();
      },
    };
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#listen(session);
    });
  }

  #listen(session: Session): void {
    const handler = session.sessionDescriptionHandler as SessionDescriptionHandler | undefined;
    const track = handler?.peerConnection?.getReceivers()[0]?.track;
    if (track === undefined) return;
    const stream = new MediaStream([track]);
    // WebAudio hears a remote track only if some element plays it.
    const player = new Audio();
    player.srcObject = stream;
    player.muted = true;
    void player.play();
    this.#players.push(player);
    const analyser = context.createAnalyser();
    analyser.fftSize = 16_384;
    context.createMediaStreamSource(stream).connect(analyser);
    this.#ears.set(session, analyser);
  }
}

function stateOf(session: Session): FarEndState['state'] {
  if (session.state === SessionState.Established) return 'talking';
  if (session.state === SessionState.Terminated || session.state === SessionState.Terminating) return 'over';
  return session instanceof Invitation ? 'ringing' : 'calling';
}

export interface FarEndsWindow {
  farEnds?: { open(options: FarEndOptions): Promise<void>; of(user: string): FarEnd };
}

const all = new Map<string, FarEnd>();
(window as unknown as FarEndsWindow).farEnds = {
  async open(options) {
    const farEnd = new FarEnd(options);
    await farEnd.start();
    all.set(options.user, farEnd);
  },
  of(user) {
    const farEnd = all.get(user);
    if (farEnd === undefined) throw new Error(`no telephone ${user}`);
    return farEnd;
  },
};
