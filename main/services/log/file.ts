import { closeSync, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatedFileOptions {
  readonly file: string;
  /** Bytes after which a new file is begun. */
  readonly maxBytes: number;
  /** How many older files (`file.1` is the newest) are kept. */
  readonly keep: number;
}

export interface RotatedFile {
  write(line: string): void;
  flush(): void;
  close(): void;
}

/** A file that lines are appended to at once: what was logged before a crash is there after it. */
export function openRotatedFile(options: RotatedFileOptions): RotatedFile {
  mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
  let descriptor = openSync(options.file, 'a', 0o600);
  let size = fstatSync(descriptor).size;
  let closed = false;

  const rotate = () => {
    closeSync(descriptor);
    rmSync(`${options.file}.${options.keep}`, { force: true });
    for (let index = options.keep - 1; index >= 1; index -= 1) {
      if (existsSync(`${options.file}.${index}`)) renameSync(`${options.file}.${index}`, `${options.file}.${index + 1}`);
    }
    if (options.keep > 0) renameSync(options.file, `${options.file}.1`);
    else rmSync(options.file);
    descriptor = openSync(options.file, 'a', 0o600);
    size = 0;
  };
  if (size >= options.maxBytes) rotate();

  return {
    write(line) {
      if (closed) return;
      if (size >= options.maxBytes) rotate();
      size += writeSync(descriptor, line);
    },
    flush() {
      if (!closed) fsyncSync(descriptor);
    },
    close() {
      if (closed) return;
      closed = true;
      fsyncSync(descriptor);
      closeSync(descriptor);
    },
  };
}
