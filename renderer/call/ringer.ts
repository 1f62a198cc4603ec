import knockUrl from '../../resources/sounds/knock.wav';
import ringUrl from '../../resources/sounds/ring.wav';
import ringbackUrl from '../../resources/sounds/ringback.wav';
import type { Ringer, RingKind } from './controller.ts';
import { outputDeviceId } from './devices.ts';

/** Plays tones over and over until told to stop: a ring on the ringer's device, what belongs to a call on the headset's. */
export function createRinger(log: (event: string, details: string) => void): Ringer {
  const players: Record<RingKind, HTMLAudioElement> = {
    ring: looped(ringUrl),
    knock: looped(knockUrl),
    ringback: looped(ringbackUrl),
  };
  let wanted: RingKind | null = null;

  const route = (player: HTMLAudioElement, label: string) => {
    outputDeviceId(label)
      .then((id) => player.setSinkId(id))
      .catch((error: unknown) => log('ringer.device', nameOf(error)));
  };

  return {
    sound(kind) {
      wanted = kind;
      for (const [name, player] of Object.entries(players)) {
        if (name === kind || player.paused) continue;
        player.pause();
        player.currentTime = 0;
      }
      if (kind === null) return;
      players[kind].play().catch((error: unknown) => {
        // pause() before the sound began is no fault.
        if (wanted === kind) log('ringer.silent', nameOf(error));
      });
    },
    configure({ ringer, speaker, ringVolume }) {
      players.ring.volume = ringVolume;
      players.knock.volume = ringVolume;
      route(players.ring, ringer);
      route(players.knock, ringer);
      route(players.ringback, speaker);
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function looped(url: string): HTMLAudioElement {
  const player = new Audio(url);
  player.loop = true;
  player.preload = 'auto';
  return player;
}
