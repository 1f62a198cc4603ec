/**
 * What the services need from the world. The composition roots (main/electron.ts, host/) choose the implementations and pass
 * them in; tests pass their own.
 */
import type { EventData, EventName, SecretName } from '#contract';

/** Time. */
export interface Clock {
  now(): Date;
  /** Does `action` once. Returns a function that cancels. */
  after(milliseconds: number, action: () => void): () => void;
}

export interface Random {
  /** A version 4 UUID. */
  uuid(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}

/** HTTP as the platform has it. */
export type Fetch = typeof globalThis.fetch;

/** The program's log. Never personal data: identifiers, counts, codes and causes only. */
export interface Log {
  info(event: string, details?: Readonly<Record<string, unknown>>): void;
  warn(event: string, details?: Readonly<Record<string, unknown>>): void;
  error(event: string, details?: Readonly<Record<string, unknown>>): void;
}

/** `database` is the cache's own key: made at the first start, never typed by anyone. */
export type StoredSecret = SecretName | 'database';

/** Where passwords and the database's key are kept. */
export interface Secrets {
  /** The secret, or null when none is stored. Throws when the store itself cannot be read. */
  get(name: StoredSecret): Promise<string | null>;
  set(name: StoredSecret, value: string): Promise<void>;
  remove(name: StoredSecret): Promise<void>;
}

/** What only a desktop shell can do. */
export interface Platform {
  /** Flashes the taskbar button (or bounces the dock icon) until it is no longer wanted. */
  requestAttention(wanted: boolean): void;
}

/** Tells every window of this agent. */
export type Emit = <N extends EventName>(name: N, data: EventData<N>) => void;
