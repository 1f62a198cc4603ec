import type { App } from 'electron';
import { dialTarget } from '../services/launch/dial.ts';
import type { Log } from '../services/ports.ts';

/** macOS hands links over as events, also before the program is ready; elsewhere they come by the command line. */
export function receiveLinks(app: App, requestDial: (number: string) => void, log: Log): void {
  app.on('open-url', (event, link) => {
    event.preventDefault();
    const number = dialTarget(link);
    if (number === null) log.warn('link.not-a-number');
    else requestDial(number);
  });
}
