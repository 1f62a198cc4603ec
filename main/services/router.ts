import { calls, fail, type CallInput, type CallName, type CallOutput, type Result, type SecretName } from '#contract';
import type { Log } from './ports.ts';

/** One handler a call of the table: a missing one does not compile. */
export type Handlers = {
  readonly [N in CallName]: (input: CallInput<N>) => Promise<Result<CallOutput<N>>>;
};

/**
 * One feature's services: a factory takes ports and gives this. Whatever goes on by itself (a sync, a sender) begins with the
 * factory and ends with close().
 */
export interface Feature<N extends CallName> {
  readonly handlers: Pick<Handlers, N>;
  /** A password was typed: what waited for it begins again. */
  secretChanged?(name: SecretName): void;
  /** Ends what goes on in the background. Idempotent; does not wait for a server that is silent. */
  close(): Promise<void>;
}

/** Serves one call of an unknown sender's making. Never rejects. */
export type Dispatch = (name: string, input: unknown) => Promise<Result<unknown>>;

export interface RouterOptions {
  readonly log: Log;
  /** Also hold every answer against its schema; the tests' hosts do. */
  readonly checkOutput?: boolean;
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

/** The door between the wire and the services: checks the name and the input, and turns a throw into a value. */
export function createRouter(handlers: Handlers, options: RouterOptions): Dispatch {
  return async (name, input) => {
    if (!isCallName(name)) return fail('unknown-call', `There is no call named ${JSON.stringify(name.slice(0, 100))}.`);
    const parsed = calls[name].input.safeParse(input);
    if (!parsed.success) {
      // The issues' paths and codes only: their messages can quote what was typed.
      const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
      options.log.warn('wire.invalid-input', { call: name, where });
      return fail('invalid-input', `${name}: ${where}`);
    }
    try {
      // The table ties the name to its handler's input; TypeScript cannot follow that through a union of names.
      const handler = handlers[name] as (value: unknown) => Promise<Result<unknown>>;
      const result = await handler(parsed.data);
      if (options.checkOutput && result.ok) {
        const output = calls[name].output.safeParse(result.value);
        if (!output.success) return fail('internal', `${name} answered against its schema: ${output.error.message}`);
      }
      return result;
    } catch (error) {
      options.log.error('wire.handler-threw', {
        call: name,
        cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return fail('internal', `${name} failed; the cause is in the log.`);
    }
  };
}
