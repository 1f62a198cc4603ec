/** Our window's own scheme and address. Chromium treats it as a secure, standard origin, so that the microphone can be asked for. */
export const scheme = 'app';
export const origin = `${scheme}://samband`;
export const startPage = `${origin}/`;

/** Whether an address lies in our own origin. Compared as parsed: `app://samband.evil/` and `app://x@samband/` must not pass. */
export function isOurPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  // Node knows app: as a scheme without an origin ("null"), hence by its parts.
  return url.protocol === `${scheme}:` && url.host === 'samband' && url.username === '' && url.password === '';
}
