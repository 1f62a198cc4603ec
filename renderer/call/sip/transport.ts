import { EmitterImpl, TransportState, type Transport } from 'sip.js';

/**
 * SIP over WebSocket (RFC 7118) with what SIP.js's own transport lacks: another server at each connection, and a way to give up a
 * socket whose other end is frozen without waiting for the closing handshake.
 */
export class SocketTransport implements Transport {
  onConnect: (() => void) | undefined;
  onDisconnect: ((error?: Error) => void) | undefined;
  onMessage: ((message: string) => void) | undefined;

  /** The server that the next `connect` goes to. */
  server = '';
  /** performance.now() when the message that is being worked on came in. */
  lastReceivedAt = 0;

  #socket: WebSocket | null = null;
  #state: TransportState = TransportState.Disconnected;
  readonly stateChange = new EmitterImpl<TransportState>();

  get state(): TransportState {
    return this.#state;
  }

  get protocol(): string {
    return this.server.startsWith('wss:') ? 'WSS' : 'WS';
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected;
  }

  /** Resolves when the socket is open; rejects when it closes before. */
  connect(): Promise<void> {
    if (this.isConnected()) return Promise.resolve();
    this.drop();
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.server, 'sip');
      this.#socket = socket;
      this.#become(TransportState.Connecting);
      socket.addEventListener('open', () => {
        if (socket !== this.#socket) return;
        this.#become(TransportState.Connected);
        this.onConnect?.();
        resolve();
      });
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (socket !== this.#socket || typeof event.data !== 'string' || event.data.trim() === '') return;
        this.lastReceivedAt = performance.now();
        this.onMessage?.(event.data);
      });
      socket.addEventListener('close', (event) => {
        reject(new Error(`socket closed (${event.code})`));
        if (socket === this.#socket) this.#lost(new Error(`socket closed (${event.code})`));
      });
    });
  }

  disconnect(): Promise<void> {
    this.drop();
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    return this.disconnect();
  }

  /** Forgets the socket at once, whether or not the other end still answers. */
  drop(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#lost(undefined);
    socket.close();
  }

  send(message: string): Promise<void> {
    if (this.#socket === null || !this.isConnected()) return Promise.reject(new Error('not connected'));
    this.#socket.send(message);
    return Promise.resolve();
  }

  #lost(error: Error | undefined): void {
    this.#socket = null;
    this.#become(TransportState.Disconnected);
    this.onDisconnect?.(error);
  }

  #become(state: TransportState): void {
    this.#state = state;
    this.stateChange.emit(state);
  }
}
