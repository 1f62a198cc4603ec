import { createSocket } from 'node:dgram';
import { freePort, freePorts, scratch, startServer, type RunningServer } from '../process.ts';

export interface Rtpengine {
  readonly server: RunningServer;
  /** Where it takes commands (ng protocol, UDP). */
  readonly port: number;
}

/** The media relay between browsers and plain RTP. It must be up before Kamailio, which gives it up for a minute otherwise. */
export async function startRtpengine(): Promise<Rtpengine> {
  const port = await freePort();
  const media = await freePorts(60);
  const server = await startServer({
    name: 'rtpengine',
    command: 'rtpengine',
    args: [
      '--config-file=none',
      // No kernel module: forwarding in user space.
      '--table=-1',
      '--interface=127.0.0.1',
      `--listen-ng=127.0.0.1:${port}`,
      `--port-min=${media[0]!}`,
      `--port-max=${media.at(-1)!}`,
      '--num-threads=2',
      '--foreground',
      '--log-stderr',
      '--log-level=5',
      '--delete-delay=0',
      '--timeout=60',
      '--silent-timeout=3600',
    ],
    folder: scratch('rtpengine'),
    ready: () => answersPing(port),
  });
  return { server, port };
}

/** The ng protocol's ping: a cookie and a bencoded dictionary. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const done = (up: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(up);
    };
    const timer = setTimeout(() => done(false), 200);
    socket.once('message', (answer) => done(answer.toString().includes('pong')));
    socket.once('error', () => done(false));
    socket.send('samband d7:command4:pinge', port, '127.0.0.1');
  });
}
