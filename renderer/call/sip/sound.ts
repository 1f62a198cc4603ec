import holdUrl from '../../../resources/sounds/hold.wav';

/** Sound made here; it lasts until `stop`. */
export interface MadeTrack {
  readonly track: MediaStreamTrack;
  readonly stop: () => void;
}

/** Where sound is made and mixed: one a window, made when it is first needed. */
let made: AudioContext | null = null;
let music: Promise<AudioBuffer | null> | null = null;

function context(): AudioContext {
  made ??= new AudioContext();
  if (made.state === 'suspended') made.resume().catch(() => undefined);
  return made;
}

/** Reads the music that a caller on hold hears, so that it is there when it is wanted. */
export function loadMusic(): Promise<AudioBuffer | null> {
  music ??= fetch(holdUrl)
    .then((response) => response.arrayBuffer())
    .then((data) => context().decodeAudioData(data))
    .catch(() => {
      music = null;
      return null;
    });
  return music;
}

/** A track of music from its beginning, over and over; silent until the music is read, and for good if it cannot be. */
export function musicTrack(): MadeTrack {
  const { track, node, stop } = outlet();
  let player: AudioBufferSourceNode | null = null;
  let stopped = false;
  void loadMusic().then((buffer) => {
    if (buffer === null || stopped) return;
    player = context().createBufferSource();
    player.buffer = buffer;
    player.loop = true;
    player.connect(node);
    player.start();
  });
  return {
    track,
    stop() {
      stopped = true;
      player?.stop();
      player?.disconnect();
      stop();
    },
  };
}

/** One track that holds all of the given ones. They stay their owners'. */
export function mixedTrack(tracks: readonly MediaStreamTrack[]): MadeTrack {
  const { track, node, stop } = outlet();
  const sources = tracks.map((one) => context().createMediaStreamSource(new MediaStream([one])));
  for (const source of sources) source.connect(node);
  return {
    track,
    stop() {
      for (const source of sources) source.disconnect();
      stop();
    },
  };
}

function outlet(): MadeTrack & { readonly node: AudioNode } {
  const node = context().createMediaStreamDestination();
  const track = node.stream.getAudioTracks()[0];
  if (track === undefined) throw new Error('no track to mix into');
  return { track, node, stop: () => track.stop() };
}
