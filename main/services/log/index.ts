import { pino } from 'pino';
import type { Log } from '../ports.ts';
import { openRotatedFile, type RotatedFileOptions } from './file.ts';
import { redact } from './redact.ts';

export interface FileLog extends Log {
  /** What was logged is on disk when this returns. */
  flush(): void;
  /** Idempotent; what is logged afterwards is dropped. */
  close(): void;
}

export interface FileLogOptions extends Partial<RotatedFileOptions> {
  readonly file: string;
  /** Stands in every line. */
  readonly version: string;
}

/** What stands in every line; a detail of such a name gets a `_` behind it. */
const own = new Set(['level', 'time', 'version', 'event']);

/** Details as they stand in the line, beside what is the line's own. */
function beside(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([key, one]) => [own.has(key) ? `${key}_` : key, one]));
}

/** The program's log: JSON lines `{level, time, version, …details, event}` in a file of bounded size. */
export function createFileLog(options: FileLogOptions): FileLog {
  const file = openRotatedFile({ maxBytes: 5_000_000, keep: 4, ...options });
  const logger = pino(
    {
      level: 'info',
      base: { version: options.version },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        // A full disk must not end a call; there is nowhere left to say so.
        try {
          file.write(line);
        } catch {
          return;
        }
      },
    },
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, details: Readonly<Record<string, unknown>> = {}) =>
      logger[level](redact(beside(details)), event);
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    flush: () => file.flush(),
    close: () => file.close(),
  };
}
