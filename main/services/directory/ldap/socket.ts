/** A connection as messages go over it: one operation after another, with a deadline on every silence. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { LdapFault } from './faults.ts';
import { Frames } from './frames.ts';
import { readReply, type Reply } from './messages.ts';

export interface Limits {
  readonly connectMs: number;
  /** The longest silence in an answer. */
  readonly answerMs: number;
}

/** More messages than this waiting to be read, and the server is left to wait. */
const INBOX = 1000;
/** Messages read in one step. They become objects only then: what lives shortly costs the collector nothing. */
const STEP = 250;

const LOST = 'The connection to the directory server was lost.';

/** A message of ldapts. */
export interface Request {
  readonly messageId: number;
  write(): Buffer;
}

export interface Line {
  /** Says something at once, and reads the answer in batches as they arrive; the last reply of the last batch is `done`. Throws. */
  exchange(request: Request): AsyncGenerator<Reply[], void, void>;
  /** Goes on under TLS. Throws what node:tls says of the certificate. */
  upgrade(options: ConnectionOptions): Promise<void>;
  /** Says a last word and hangs up. */
  close(last: Buffer): void;
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', withinMs: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new LdapFault('timeout', 'The directory server did not answer in time.'));
    }, withinMs);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.removeAllListeners('error').removeAllListeners('close');
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new LdapFault('unreachable', LOST));
    });
  });
}

/** Opens a line. `tls`: from the first byte (ldaps). Ends when `signal` is aborted. */
export async function openLine(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | null;
  readonly limits: Limits;
  readonly signal: AbortSignal;
}): Promise<Line> {
  const { host, port, limits, signal } = options;
  let socket: Socket | TLSSocket = options.tls
    ? connectTls({ ...options.tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
    : connectTcp({ host, port });
  let frames = new Frames();
  let inbox: Buffer[] = [];
  let ended: Error | null = null;
  let wake: (() => void) | null = null;

  const end = (error: Error) => {
    ended ??= error;
    socket.destroy();
    wake?.();
  };
  const aborted = () => end(new LdapFault('unreachable', 'The reading was ended.'));
  signal.addEventListener('abort', aborted, { once: true });

  const listen = () => {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const bytes of frames.push(chunk)) inbox.push(bytes);
      } catch (error) {
        end(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (inbox.length > INBOX) socket.pause();
      wake?.();
    });
    socket.on('error', end);
    socket.on('close', () => end(new LdapFault('unreachable', LOST)));
  };

  /** What has arrived; waits for something. */
  async function arrived(): Promise<Buffer[]> {
    if (inbox.length === 0 && ended === null) {
      const waited = Promise.withResolvers<void>();
      wake = waited.resolve;
      const timer = setTimeout(
        () => end(new LdapFault('timeout', 'The directory server did not answer in time.')),
        limits.answerMs,
      );
      await waited.promise;
      clearTimeout(timer);
      wake = null;
    }
    // What came before the connection was lost is of no use: an answer is whole, or none.
    if (ended !== null) throw ended;
    const some = inbox.slice(0, STEP);
    inbox = inbox.slice(STEP);
    if (inbox.length < INBOX && socket.isPaused()) socket.resume();
    return some;
  }

  async function* repliesTo(messageId: number): AsyncGenerator<Reply[], void, void> {
    for (let done = false; !done;) {
      const replies: Reply[] = [];
      for (const bytes of await arrived()) {
        const { id, reply } = readReply(bytes);
        // 0: the server says why it hangs up (RFC 4511 section 4.4.1); others belong to nothing that was asked.
        if (id !== messageId || reply === null) continue;
        replies.push(reply);
        if (reply.kind === 'done') done = true;
      }
      yield replies;
    }
  }

  try {
    if (signal.aborted) aborted();
    if (ended !== null) throw ended as Error;
    await opened(socket, options.tls ? 'secureConnect' : 'connect', limits.connectMs);
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    signal.removeEventListener('abort', aborted);
    throw ended ?? error;
  }
  listen();

  return {
    exchange(request) {
      // Said at once, not when the first reply is asked for: the server works while we do.
      if (ended === null) socket.write(request.write());
      return repliesTo(request.messageId);
    },
    async upgrade(tls) {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      // What was sent before the handshake was sent by nobody in particular.
      if (frames.pending > 0 || inbox.length > 0) throw new LdapFault('rejected', 'The server spoke before it was secure.');
      frames = new Frames();
      const secure = connectTls({ ...tls, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
      socket = secure;
      await opened(secure, 'secureConnect', limits.connectMs);
      listen();
    },
    close(last) {
      signal.removeEventListener('abort', aborted);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.end(last);
      socket.destroySoon();
    },
  };
}
