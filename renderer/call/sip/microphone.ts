import { inputDeviceId } from '../devices.ts';

/** A live microphone track, or null: there is none, or it may not be used. */
export async function openMicrophone(label: string, constraints: MediaTrackConstraints): Promise<MediaStreamTrack | null> {
  try {
    const deviceId = await inputDeviceId(label);
    const audio: MediaTrackConstraints = deviceId === null ? constraints : { ...constraints, deviceId: { ideal: deviceId } };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    return stream.getAudioTracks()[0] ?? null;
  } catch {
    return null;
  }
}
