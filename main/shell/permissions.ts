import type { Session } from 'electron';
import type { Log } from '../services/ports.ts';
import { isOurPage } from './origin.ts';

export interface PermissionQuestion {
  readonly permission: string;
  readonly address: string;
  readonly isMainFrame: boolean;
  /** For `media`: what of it. */
  readonly media: readonly string[];
}

/**
 * What our page may have beside the microphone: the choice of a loudspeaker, copying details for the helpdesk, and reaching a SIP
 * server and its media on the municipality's own network (the Content-Security-Policy says which servers).
 */
const harmless = new Set([
  'speaker-selection',
  'clipboard-sanitized-write',
  'local-network',
  'local-network-access',
  'loopback-network',
]);

/** The whole policy, pure: the microphone (sound, never pictures) for the top frame of our own page; everything else is refused. */
export function isPermitted({ permission, address, isMainFrame, media }: PermissionQuestion): boolean {
  if (!isMainFrame || !isOurPage(address)) return false;
  if (permission === 'media') return media.length > 0 && media.every((kind) => kind === 'audio');
  return harmless.has(permission);
}

/** Puts the policy on a session: for questions that would ask a person, for silent checks, and for devices. */
export function restrictPermissions(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const permitted = isPermitted({
      permission,
      address: details.requestingUrl,
      isMainFrame: details.isMainFrame,
      media: 'mediaTypes' in details ? (details.mediaTypes ?? []) : [],
    });
    if (!permitted) log.warn('permission.refused', { permission });
    callback(permitted);
  });
  session.setPermissionCheckHandler((contents, permission, requestingOrigin, details) =>
    isPermitted({
      permission,
      // Checks of a page without contents come from workers, which we do not have.
      address: contents === null ? '' : requestingOrigin,
      isMainFrame: details.isMainFrame,
      media: details.mediaType === undefined ? [] : [details.mediaType],
    }),
  );
  session.setDevicePermissionHandler(() => false);
}
