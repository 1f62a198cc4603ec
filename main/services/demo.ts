import { fail, ok } from '#contract';
import type { Fetch } from './ports.ts';
import type { Feature } from './router.ts';

/** demo.call: asks the embedded demo for a caller. Refused where there is no demo. */
export function createDemo(ports: {
  readonly demo: { readonly control: string } | null;
  readonly fetch: Fetch;
}): Feature<'demo.call'> {
  return {
    handlers: {
      async 'demo.call'() {
        if (!ports.demo) return fail('refused', 'This is not the demo: only citizens call here.');
        try {
          const response = await ports.fetch(`${ports.demo.control.replace(/\/$/, '')}/call`, {
            method: 'POST',
            signal: AbortSignal.timeout(5000),
          });
          if (!response.ok) return fail('rejected', `The demo answered ${response.status}.`);
          return ok(null);
        } catch (error) {
          return fail('unreachable', `The demo does not answer: ${error instanceof Error ? error.message : String(error)}`);
        }
      },
    },
    close: async () => {},
  };
}
