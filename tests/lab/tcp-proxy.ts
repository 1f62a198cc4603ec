/** Between a client and a server that does not speak HTTP: passes bytes on, and breaks the connection where it is told to. */
import { createServer, connect, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Bytes that the server has said over the last connection. */
  readonly heard: number;
  /** Every connection from now on breaks when the server has said so many bytes, which still arrive; null: none does. */
  cutAfter(bytes: number | null): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  let heard = 0;
  let cut: number | null = null;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    heard = 0;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      // Whichever ends, however it does, takes the other along.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroySoon();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const left = cut === null ? chunk.length : Math.min(chunk.length, cut - heard);
      heard += left;
      if (left === chunk.length) {
        if (!near.write(chunk)) {
          far.pause();
          near.once('drain', () => far.resume());
        }
        return;
      }
      near.end(chunk.subarray(0, left));
      far.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get heard() {
      return heard;
    },
    cutAfter(bytes) {
      cut = bytes;
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
