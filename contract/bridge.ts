import type { CallInput, CallName, CallOutput } from './calls.ts';
import type { EventData, EventName } from './events.ts';
import type { Result } from './result.ts';

/** The two functions that a window has, whoever serves them: Electron's preload or the web host. */
export interface Bridge {
  /** Asks the lasting process. Never rejects: what goes wrong is a value. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Listens until the returned function is called. */
  on<N extends EventName>(name: N, listener: (data: EventData<N>) => void): () => void;
}
