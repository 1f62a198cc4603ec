export interface ContentSecurityPolicyOptions {
  /** `ws:` and `wss:` addresses of the telephone's servers. */
  readonly telephoneServers: readonly string[];
  /** More that the window may connect to; the web host's own socket, where 'self' does not cover it. */
  readonly connect?: readonly string[];
}

/** Scheme, host and port: a policy's source knows no credentials and needs no path. */
function source(address: string): string {
  const url = new URL(address);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError(`Not a ws: or wss: address: ${url.protocol}`);
  return `${url.protocol}//${url.host}`;
}

/**
 * The Content-Security-Policy of the window, for both composition roots: nothing inline, nothing from elsewhere, connections to
 * the telephone's servers only.
 */
export function contentSecurityPolicy(options: ContentSecurityPolicyOptions): string {
  const connect = new Set([...options.telephoneServers, ...(options.connect ?? [])].map(source));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
