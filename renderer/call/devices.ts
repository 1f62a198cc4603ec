/** Devices are known by label: ids change with each profile, and positions with each plug. */

/** Labels of what can be chosen now, without the system's own aliases. Labels are empty until the microphone was allowed once. */
export async function listDevices(): Promise<{ readonly microphones: string[]; readonly speakers: string[] }> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const labels = (kind: MediaDeviceKind) => [
    ...new Set(devices.filter((d) => d.kind === kind && d.label !== '' && !ALIASES.includes(d.deviceId)).map((d) => d.label)),
  ];
  return { microphones: labels('audioinput'), speakers: labels('audiooutput') };
}

/** The id for `setSinkId`; empty (the system's own) when there is no such device now. */
export async function outputDeviceId(label: string): Promise<string> {
  return (await find('audiooutput', label)) ?? '';
}

/** The id for getUserMedia; null (the system's own) when there is no such device now. */
export function inputDeviceId(label: string): Promise<string | null> {
  return find('audioinput', label);
}

const ALIASES = ['default', 'communications'];

async function find(kind: MediaDeviceKind, label: string): Promise<string | null> {
  if (label === '') return null;
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.find((d) => d.kind === kind && d.label === label && !ALIASES.includes(d.deviceId))?.deviceId ?? null;
}
