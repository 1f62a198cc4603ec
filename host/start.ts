import { fail, ok, type Result } from '#contract';
import { startServices, type ServicesOptions } from '../main/services/compose.ts';
import { keepDialUntilHeard } from '../main/services/launch/window-services.ts';
import { createFileSecrets } from '../main/services/secrets/index.ts';
import { systemClock, systemRandom } from '../main/services/system.ts';
import { join } from 'node:path';
import { serveWindow } from './server.ts';

type Chosen = 'folder' | 'settingsFile' | 'policyFile' | 'log' | 'version';
type Replaceable = 'provisionFile' | 'checkOutput' | 'secrets' | 'clock' | 'random' | 'fetch' | 'platform' | 'databaseWorker';

/** As for the services; what is left out is the machine's own. Secrets are then kept in `folder`/secrets, readable by this user alone. */
export interface HostOptions extends Pick<ServicesOptions, Chosen>, Partial<Pick<ServicesOptions, Replaceable>> {
  /** Default 0: any free one. */
  readonly port?: number;
  /** The built window (out/renderer). */
  readonly rendererFolder: string;
  /** What the dial field is to show when the window has opened. */
  readonly dial?: string | null;
}

export interface Host {
  /** Lets one browser in, once; the browser is then known by a cookie. */
  readonly url: string;
  /** Another such address: for a browser that was closed for good, or that lost its cookie. */
  issueAddress(): string;
  /** For the dial field of the open window, or of the next one. */
  requestDial(number: string): void;
  /** Ends the window's line, the server and the services. Idempotent. */
  close(): Promise<void>;
}

/**
 * The web host: the services and the built window for one window of an ordinary browser, on loopback only, in this process.
 * Errors: those of startServices; not-found (the window is not built), conflict (the port is taken).
 */
export async function startHost(options: HostOptions): Promise<Result<Host>> {
  const { log } = options;
  const started = await startServices({
    secrets: createFileSecrets({ folder: join(options.folder, 'secrets') }),
    clock: systemClock,
    random: systemRandom,
    fetch: globalThis.fetch,
    // A browser's window cannot be made to flash from here.
    platform: { requestAttention: () => undefined },
    databaseWorker: new URL('../main/db/worker.ts', import.meta.url),
    ...options,
  });
  if (!started.ok) return started;
  const services = keepDialUntilHeard(started.value);
  const served = await serveWindow({
    dispatch: services.dispatch,
    contentSecurityPolicy: services.contentSecurityPolicy,
    rendererFolder: options.rendererFolder,
    port: options.port ?? 0,
    log,
  }).catch((error: unknown) => fail('internal', error instanceof Error ? error.message : String(error)));
  if (!served.ok) {
    await services.close();
    return served;
  }
  const window = served.value;
  services.onEvent((name, data) => window.tell(name, data));
  if (options.dial) services.requestDial(options.dial);

  const close = async () => {
    await window.close();
    await services.close();
  };
  let closing: Promise<void> | null = null;
  return ok({
    url: window.issueAddress(),
    issueAddress: () => window.issueAddress(),
    requestDial: (number) => services.requestDial(number),
    close: () => (closing ??= close()),
  });
}
