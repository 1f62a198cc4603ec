import type { Phone } from '../phone.ts';

export interface SipPhonePorts {
  /** A line for the log, without personal data. */
  log(level: 'info' | 'warn' | 'error', event: string, details: string): void;
}

/** The Phone port over SIP (RFC 3261, RFC 7118) and WebRTC. */
export function createSipPhone(ports: SipPhonePorts): Phone {
  ports.log('error', 'telephone.missing', 'the SIP side is not there yet');
  throw new Error('not there yet');
}
