import { useEffect, useState } from 'react';
import { listDevices } from '../call/index.ts';

/** The devices that can be chosen now, by label; follows what is plugged in and out. */
export function useDevices(): { readonly microphones: readonly string[]; readonly speakers: readonly string[] } {
  const [devices, setDevices] = useState<{ microphones: string[]; speakers: string[] }>({ microphones: [], speakers: [] });
  useEffect(() => {
    const read = () => {
      listDevices().then(setDevices, () => setDevices({ microphones: [], speakers: [] }));
    };
    read();
    navigator.mediaDevices.addEventListener('devicechange', read);
    return () => navigator.mediaDevices.removeEventListener('devicechange', read);
  }, []);
  return devices;
}
