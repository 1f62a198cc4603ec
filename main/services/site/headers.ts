/** The headers of everything that the window loads, beside its Content-Type. `policy` is the Content-Security-Policy. */
export function siteHeaders(policy: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The microphone is the telephone's; nothing else is ever needed.
    'Permissions-Policy':
      'microphone=(self), autoplay=(self), clipboard-write=(self), camera=(), geolocation=(), ' +
      'display-capture=(), usb=(), serial=(), hid=(), midi=(), payment=(), clipboard-read=()',
  };
}
