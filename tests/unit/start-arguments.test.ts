import { describe, expect, test } from 'vitest';
import { readArguments } from '../../scripts/start/arguments.mjs';

describe('npm start’s arguments', () => {
  test.each(['abc', '-1', '70000', '1.5', '', '0x50'])('--port %j is refused before anything is started', (port) => {
    expect(() => readArguments([`--port=${port}`])).toThrow(`--port ${port} is no port`);
  });

  test.each(['0', '8080', '65535'])('--port %s is taken', (port) => {
    expect(readArguments(['--port', port])).toMatchObject({ port });
  });
});
