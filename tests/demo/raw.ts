import { createHash, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import {
  addressOf,
  header,
  headersOf,
  parse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../demo/exchange/message.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
export const domain = 'samband.test';
const token = () => randomBytes(6).toString('hex');

export interface Outgoing {
  readonly method: string;
  readonly uri: string;
  readonly from: string;
  readonly to: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly extra?: readonly string[];
  readonly body?: string;
}

/** A SIP client of bare text over a WebSocket: it says exactly what a test writes. */
export class RawClient {
  readonly contact = `sip:${token()}@${token()}.invalid;transport=ws`;
  readonly tag = token();
  readonly #socket: WebSocket;
  readonly #inbox: SipMessage[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = parse(data.toString('utf8'));
      if (!message) return;
      this.#inbox.push(message);
      for (const look of this.#waiting) look();
    });
  }

  static async connect(url: string): Promise<RawClient> {
    const socket = new WebSocket(url, 'sip');
    const client = new RawClient(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return client;
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Sends a request with what every request needs. Gives its branch and Call-ID back. */
  request(o: Outgoing): { readonly branch: string; readonly callId: string; readonly cseq: number } {
    const { branch = `z9hG4bK${token()}`, callId = token(), cseq = 1, body = '' } = o;
    const lines = [
      `${o.method} ${o.uri} SIP/2.0`,
      `Via: SIP/2.0/WS client.invalid;branch=${branch}`,
      'Max-Forwards: 70',
      `From: <sip:${o.from}@${domain}>;tag=${this.tag}`,
      `To: <sip:${o.to}@${domain}>${o.toTag ? `;tag=${o.toTag}` : ''}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${o.method}`,
      `Contact: <${this.contact}>`,
      ...(o.extra ?? []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.sendText(`${lines.join('\r\n')}\r\n\r\n${body}`);
    return { branch, callId, cseq };
  }

  /** Answers a request that has arrived. */
  respond(request: SipRequest, status: number, reason: string, extra: readonly string[] = []): void {
    const copied = request.headers
      .filter((h) => ['via', 'from', 'call-id', 'cseq', 'record-route'].includes(h.name.toLowerCase()))
      .map((h) => `${h.name}: ${h.value}`);
    const to = header(request, 'To') ?? '';
    const lines = [
      `SIP/2.0 ${status} ${reason}`,
      ...copied,
      `To: ${to}${status > 100 && !to.includes(';tag=') ? `;tag=${this.tag}` : ''}`,
      `Contact: <${this.contact}>`,
      ...extra,
      'Content-Length: 0',
    ];
    this.sendText(`${lines.join('\r\n')}\r\n\r\n`);
  }

  async #next<T extends SipMessage>(wanted: (message: SipMessage) => message is T, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const at = this.#inbox.findIndex(wanted);
        if (at < 0) return;
        const [found] = this.#inbox.splice(at, 1);
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found as T);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const had = this.#inbox.map((m) => (m.kind === 'request' ? m.method : `${m.status} ${m.cseqMethod}`)).join(', ');
        reject(new Error(`no ${what}; there was: ${had || 'nothing'}`));
      }, 20_000);
      this.#waiting.add(look);
      look();
    });
  }

  /** The next request of a method. */
  receive(method: string): Promise<SipRequest> {
    return this.#next((m): m is SipRequest => m.kind === 'request' && m.method === method, method);
  }

  /** The next final response to a method; provisional ones before it are dropped. */
  final(method: string): Promise<SipResponse> {
    return this.#next(
      (m): m is SipResponse => m.kind === 'response' && m.cseqMethod === method && m.status >= 200,
      `final answer to ${method}`,
    );
  }

  /** The next response with that status. */
  status(status: number): Promise<SipResponse> {
    return this.#next((m): m is SipResponse => m.kind === 'response' && m.status === status, String(status));
  }

  /** The messages that nobody has asked for. */
  get unread(): readonly SipMessage[] {
    return this.#inbox;
  }

  /** Answers the exchange's challenge. */
  authorization(challenge: SipResponse, user: string, password: string, count = 1): string {
    const nonce = /nonce="([^"]+)"/.exec(header(challenge, 'WWW-Authenticate') ?? '')?.[1] ?? '';
    const nc = count.toString(16).padStart(8, '0');
    const uri = `sip:${domain}`;
    const response = md5(`${md5(`${user}:${domain}:${password}`)}:${nonce}:${nc}:x:auth:${md5(`REGISTER:${uri}`)}`);
    return `Authorization: Digest username="${user}", realm="${domain}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="x"`;
  }

  /** Signs in; gives the last answer. */
  async register(user: string, password: string, extra: readonly string[] = ['Expires: 60']): Promise<SipResponse> {
    const callId = token();
    const base = { method: 'REGISTER', uri: `sip:${domain}`, from: user, to: user, callId };
    this.request({ ...base, cseq: 1, extra });
    const challenge = await this.final('REGISTER');
    if (challenge.status !== 401) return challenge;
    this.request({ ...base, cseq: 2, extra: [...extra, this.authorization(challenge, user, password)] });
    return this.final('REGISTER');
  }

  /** The ACK of a 2xx, or any other request of the dialog that this client began. */
  within(method: string, answer: SipResponse, cseq: number): void {
    const routes = headersOf(answer, 'Record-Route')
      .toReversed()
      .map((route) => `Route: ${route}`);
    this.request({
      method,
      uri: addressOf(header(answer, 'Contact') ?? ''),
      from: answer.fromUser,
      to: answer.toUser,
      toTag: answer.toTag ?? '',
      callId: answer.callId,
      cseq,
      extra: routes,
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
