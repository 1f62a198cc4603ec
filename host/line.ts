import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Dispatch } from '../main/services/router.ts';
import type { Log } from '../main/services/ports.ts';

/** Close codes of our own (RFC 6455 section 7.4.2), known to host/browser/bridge.ts. */
const elsewhere = 4009;
const malformed = 4400;

/** How long the window that has the line may take to show that it lives, when another one wants it. */
const proofOfLifeMs = 1_000;
/** A window that reads nothing is dropped before it fills this process's memory. */
const largestBacklogBytes = 16_000_000;

/** How many events of one name are kept for a window whose line has dropped. */
const missedKept = 20;

const question = z.tuple([z.int(), z.string().max(100), z.unknown()]);

function lives(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (alive: boolean) => {
      clearTimeout(timer);
      socket.off('pong', answered);
      socket.off('close', gone);
      resolve(alive);
    };
    const answered = () => settle(true);
    const gone = () => settle(false);
    const timer = setTimeout(gone, proofOfLifeMs);
    socket.on('pong', answered);
    socket.on('close', gone);
    socket.ping();
  });
}

/**
 * The one line between the host and a window. There is exactly one: two windows of one agent would both ring and both answer. Who has
 * it keeps it (a call may be going on); a newcomer is sent away, unless the one before is gone, as after a reload.
 */
export class Line {
  readonly #dispatch: Dispatch;
  readonly #log: Log;
  #current: WebSocket | null = null;
  #queue: Promise<void> = Promise.resolve();
  readonly #missed = new Map<string, unknown[]>();

  constructor(dispatch: Dispatch, log: Log) {
    this.#dispatch = dispatch;
    this.#log = log;
  }

  /**
   * Gives the line to a socket that the gate has let in, or closes it. `again`: the same page comes back, and is told what it missed;
   * a new one asks for everything itself.
   */
  offer(socket: WebSocket, again: boolean): void {
    socket.on('error', (error) => this.#log.warn('host.line-error', { cause: error.message }));
    // One newcomer after the other, so that two cannot both find the line free.
    this.#queue = this.#admitAfter(this.#queue, socket, again);
  }

  /** Tells the window, if there is one. */
  tell(name: string, data: unknown): void {
    if (this.#current === null) this.#missed.set(name, [...(this.#missed.get(name) ?? []), data].slice(-missedKept));
    else this.#send(this.#current, ['event', name, data]);
  }

  async #admitAfter(before: Promise<void>, socket: WebSocket, again: boolean): Promise<void> {
    await before;
    try {
      await this.#admit(socket, again);
    } catch (error) {
      // The next one must find the queue in order.
      this.#log.error('host.line-not-given', { cause: String(error) });
      socket.terminate();
    }
  }

  async #admit(socket: WebSocket, again: boolean): Promise<void> {
    if (this.#current !== null && (await lives(this.#current))) {
      this.#log.info('host.second-window-refused');
      socket.close(elsewhere, 'another window has the line');
      return;
    }
    this.#current?.terminate();
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#current = socket;
    socket.on('close', () => {
      if (this.#current === socket) this.#current = null;
    });
    socket.on(
      'message',
      (data, isBinary) => void this.#answer(socket, !isBinary && Buffer.isBuffer(data) ? data.toString('utf8') : null),
    );
    socket.send('welcome');
    const missed = again ? [...this.#missed] : [];
    this.#missed.clear();
    for (const [name, all] of missed) for (const data of all) this.#send(socket, ['event', name, data]);
  }

  async #answer(socket: WebSocket, text: string | null): Promise<void> {
    let asked: z.infer<typeof question>;
    try {
      asked = question.parse(JSON.parse(text ?? ''));
    } catch {
      this.#log.warn('host.malformed');
      socket.close(malformed, 'malformed');
      return;
    }
    const [id, name, input] = asked;
    this.#send(socket, ['answer', id, await this.#dispatch(name, input)]);
  }

  #send(socket: WebSocket | null, message: readonly unknown[]): void {
    if (socket === null || socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > largestBacklogBytes) {
      this.#log.warn('host.window-does-not-read');
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  }
}
