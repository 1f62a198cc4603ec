/** Property tests as vitest tests, with a seed that a failure names. */
import fc from 'fast-check';
import { test as vitestTest } from 'vitest';

export { default as fc } from 'fast-check';

export function test<T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => unknown,
  runs = 300,
): void {
  vitestTest(name, () => {
    fc.assert(
      fc.property(fc.tuple(...arbitraries), (values) => void check(...(values as unknown as T))),
      { numRuns: runs },
    );
  });
}
