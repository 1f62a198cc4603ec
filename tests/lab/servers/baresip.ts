import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { freePorts, freePort, scratch, startServer, waitFor, type RunningServer } from '../process.ts';
import { soundOf, writeToneWav, type Sound } from '../../lib/tones.ts';

export interface BaresipOptions {
  readonly number: string;
  readonly displayName?: string;
  /** The domain of its own address; another than the exchange's own stands for the public network. */
  readonly domain?: string;
  /** What it says: a tone in Hz. */
  readonly says: number;
  /** What it does with a call. Default: it rings until `answer`. */
  readonly answers?: 'auto' | 'manual';
  /** UDP port of the exchange that it calls through. */
  readonly exchangePort: number;
  readonly sipPort?: number;
}

/** An event as ctrl_tcp writes it. */
export interface BaresipEvent {
  readonly type: string;
  readonly class: string;
  readonly direction?: string;
  readonly peeruri?: string;
  readonly peerdisplayname?: string;
  readonly param?: string;
  readonly id?: string;
}

export interface Baresip {
  readonly server: RunningServer;
  readonly number: string;
  /** `sip:number@127.0.0.1:port`: where an exchange reaches it. */
  readonly contact: string;
  /** Every event since the start, oldest first. */
  readonly events: readonly BaresipEvent[];
  /** Waits for the first event that fits, from the `from`th on (default: any since the start). */
  event(
    fits: (event: BaresipEvent) => boolean,
    what: string,
    options?: { from?: number; timeoutMs?: number },
  ): Promise<BaresipEvent>;
  call(uri: string): Promise<void>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  /** The digits (RFC 4733) that came in so far. */
  digits(): string;
  /**
   * What it heard in the last `milliseconds` of its newest call. Once it was put on hold from outside, baresip 1.0 plays but no longer
   * records that call (its filters are not set up again): after a resume this stays silent.
   */
  heard(frequencies: readonly number[], milliseconds?: number): Sound;
}

/** An outside telephone: baresip with G.711, driven over its control port, recording what it hears. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const folder = scratch('baresip');
  const recordings = join(folder, 'recordings');
  mkdirSync(recordings);
  // It takes the port after its own too.
  const sipPort = options.sipPort ?? (await freePorts(2))[0]!;
  const controlPort = await freePort();
  const rtp = await freePorts(8);
  const wav = join(folder, 'says.wav');
  writeToneWav(wav, options.says, { seconds: 180 });
  const domain = options.domain ?? 'outside.test';
  writeFileSync(join(folder, 'config'), configText({ sipPort, controlPort, rtp, wav, recordings }));
  writeFileSync(
    join(folder, 'accounts'),
    `"${options.displayName ?? ''}" <sip:${options.number}@${domain}>;regint=0;answermode=${options.answers ?? 'manual'};` +
      `audio_codecs=pcma;outbound="sip:127.0.0.1:${options.exchangePort};lr"\n`,
  );
  writeFileSync(join(folder, 'contacts'), '');

  const server = await startServer({
    name: 'baresip',
    command: 'baresip',
    args: ['-f', folder],
    folder,
    ready: /baresip is ready/,
  });
  const control = await openControl(controlPort);

  return {
    server,
    number: options.number,
    contact: `sip:${options.number}@127.0.0.1:${sipPort}`,
    events: control.events,
    event: (fits, what, { from = 0, timeoutMs = 10_000 } = {}) =>
      waitFor(() => control.events.slice(from).find(fits), {
        timeoutMs,
        what: `${options.number}: ${what}; got ${control.events.map((e) => e.type).join(' ')}`,
      }),
    call: (uri) => control.command('dial', uri),
    answer: () => control.command('accept', ''),
    hangUp: () => control.command('hangup', ''),
    digits: () =>
      control.events
        .filter((event) => event.type === 'CALL_DTMF_START')
        .map((event) => event.param)
        .join(''),
    heard: (frequencies, milliseconds = 300) => soundOf(lastSamples(recordings, milliseconds), 8000, frequencies),
  };
}

interface ConfigValues {
  readonly sipPort: number;
  readonly controlPort: number;
  readonly rtp: readonly number[];
  readonly wav: string;
  readonly recordings: string;
}

function configText(values: ConfigValues): string {
  return `poll_method epoll
sip_listen 127.0.0.1:${values.sipPort}
net_interface 127.0.0.1
rtp_ports ${values.rtp[0]!}-${values.rtp.at(-1)!}
call_local_timeout 120
call_max_calls 4
audio_source aufile,${values.wav}
audio_player aubridge,ear
audio_alert aubridge,alert
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_level no
jitter_buffer_delay 1-3
snd_path ${values.recordings}
ctrl_tcp_listen 127.0.0.1:${values.controlPort}
ringback_disabled yes
menu_bell no
module_path /usr/lib/baresip/modules
module g711.so
module sndfile.so
module aufile.so
module aubridge.so
module_app account.so
module_app contact.so
module_app menu.so
module_app ctrl_tcp.so
`;
}

/** A recording that has not grown for so long (ms) has stopped: packets come every 20 ms. */
const STALE = 100;

/** The last samples of the newest recording, -1 to 1. The file is still being written: its header's length is not to be trusted. */
function lastSamples(folder: string, milliseconds: number): number[] {
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('-dec.wav'))
    .map((name) => ({ file: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .reduce<{ file: string; at: number } | undefined>(
      (best, one) => (best !== undefined && best.at >= one.at ? best : one),
      undefined,
    );
  // Nothing came in: silence, not the last sound before it.
  if (newest === undefined || Date.now() - newest.at > STALE) return [];
  const data = readFileSync(newest.file).subarray(44);
  const count = Math.min(Math.floor(data.length / 2), 8 * milliseconds);
  const first = Math.floor(data.length / 2) - count;
  return Array.from({ length: count }, (_, i) => data.readInt16LE((first + i) * 2) / 32_768);
}

/** ctrl_tcp: JSON in netstrings; one client. */
async function openControl(
  port: number,
): Promise<{ readonly events: BaresipEvent[]; command(name: string, params: string): Promise<void> }> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect({ port, host: '127.0.0.1' }, () => resolve(opening));
    opening.once('error', reject);
  });
  socket.on('error', () => undefined);
  const events: BaresipEvent[] = [];
  const waiting = new Map<string, (answer: { ok: boolean; data: string }) => void>();
  let buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const colon = buffer.indexOf(':');
      const length = Number(buffer.subarray(0, Math.max(0, colon)).toString());
      if (colon < 1 || buffer.length < colon + length + 2) return;
      const message = JSON.parse(buffer.subarray(colon + 1, colon + 1 + length).toString()) as BaresipEvent & {
        response?: boolean;
        token?: string;
        ok?: boolean;
        data?: string;
      };
      buffer = buffer.subarray(colon + length + 2);
      if (message.response === true) waiting.get(message.token ?? '')?.({ ok: message.ok === true, data: message.data ?? '' });
      else events.push(message);
    }
  });
  let next = 0;
  return {
    events,
    async command(name, params) {
      const token = String(next++);
      const text = JSON.stringify({ command: name, params, token });
      const answer = new Promise<{ ok: boolean; data: string }>((resolve) => waiting.set(token, resolve));
      socket.write(`${Buffer.byteLength(text)}:${text},`);
      const { ok, data } = await answer;
      if (!ok) throw new Error(`baresip: ${name}: ${data}`);
    },
  };
}
