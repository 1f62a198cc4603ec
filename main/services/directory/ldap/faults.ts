/** What goes wrong between us and a directory server, in the helpdesk's words. */
import type { FaultCode } from '#contract';
import { BerError } from './ber.ts';

/** What went wrong, with a code; told apart where it happens and made a value at the source's edge. */
export class LdapFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = 'LdapFault';
    this.code = code;
  }
}

/** The server answered an operation with something other than success. */
export class LdapResult extends Error {
  readonly result: number;

  constructor(result: number, diagnostic: string) {
    super(diagnostic);
    this.name = 'LdapResult';
    this.result = result;
  }
}

export const RESULT = {
  protocolError: 2,
  sizeLimit: 4,
  adminLimit: 11,
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  invalidCredentials: 49,
  insufficientAccess: 50,
  unwilling: 53,
  /** RFC 4533 section 2.6. */
  syncRefreshRequired: 4096,
} as const;

const CERTIFICATE = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH)/;
/** Active Directory's own code inside error 49 (`data 532`), and Samba's words for the same. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/data 532\b|PASSWORD_EXPIRED/, 'the password has expired'],
  [/data 773\b|PASSWORD_MUST_CHANGE/, 'the password must be changed first'],
  [/data 775\b|ACCOUNT_LOCKED/, 'the account is locked'],
  [/data 533\b|ACCOUNT_DISABLED/, 'the account is disabled'],
  [/data 701\b|ACCOUNT_EXPIRED/, 'the account has expired'],
];

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Anything that was thrown, as a fault. */
export function faultOf(error: unknown, url: string): LdapFault {
  if (error instanceof LdapFault) return error;
  if (error instanceof BerError) return new LdapFault('rejected', `${url} does not speak LDAP as it should: ${error.message}`);
  if (error instanceof LdapResult) return faultOfResult(error, url);
  const code = codeOf(error);
  if (CERTIFICATE.test(code)) {
    return new LdapFault('unreachable', `${url} shows a certificate that is not trusted (${code}). Check directory.caFile.`);
  }
  return new LdapFault('unreachable', `${url} cannot be reached${code ? ` (${code})` : ', or the connection was lost'}.`);
}

function faultOfResult({ result, message }: LdapResult, url: string): LdapFault {
  if (result === RESULT.invalidCredentials) {
    const why = REFUSALS.find(([pattern]) => pattern.test(message))?.[1] ?? 'the user name or the password is wrong';
    return new LdapFault('unauthorized', `${url} refused the account: ${why} (unauthorized, LDAP error 49).`);
  }
  if (result === RESULT.sizeLimit || result === RESULT.adminLimit) {
    const which = `LDAP error ${result}, size limit`;
    return new LdapFault('rejected', `${url} does not let this account read everybody (${which}). Raise the account's limit.`);
  }
  if (result === RESULT.noSuchObject)
    return new LdapFault('rejected', `${url} has nothing at directory.baseDn (LDAP error 32).`);
  if (result === RESULT.insufficientAccess) {
    return new LdapFault('unauthorized', `${url} does not let this account do that (unauthorized, LDAP error 50).`);
  }
  // The server's own words can quote names.
  return new LdapFault('rejected', `${url} said no: LDAP error ${result}.`);
}
