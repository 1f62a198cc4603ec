import knockUrl from '../../resources/sounds/knock.wav';
import ringUrl from '../../resources/sounds/ring.wav';
import type { Ringer, RingKind } from './controller.ts';
import { outputDeviceId } from './devices.ts';

/** Plays the ring tone on the ringer's device, over and over until it is told to stop. */
export function createRinger(log: (event: string, details: string) => void): Ringer {
  const players: Record<RingKind, HTMLAudioElement> = { ring: looped(ringUrl), knock: looped(knockUrl) };
  let wanted: RingKind | null = null;

  return {
    sound(kind) {
      wanted = kind;
      for (const [name, player] of Object.entries(players)) {
        if (name === kind) continue;
        player.pause();
        player.currentTime = 0;
      }
      if (kind === null) return;
      players[kind].play().catch((error: unknown) => {
        // pause() before the sound began is no fault.
        if (wanted === kind) log('ringer.silent', error instanceof Error ? error.name : 'unknown');
      });
    },
    configure(device, volume) {
      for (const player of Object.values(players)) player.volume = volume;
      outputDeviceId(device)
        .then((id) => Promise.all(Object.values(players).map((player) => player.setSinkId(id))))
        .catch((error: unknown) => log('ringer.device', error instanceof Error ? error.name : 'unknown'));
    },
  };
}

function looped(url: string): HTMLAudioElement {
  const player = new Audio(url);
  player.loop = true;
  player.preload = 'auto';
  return player;
}
