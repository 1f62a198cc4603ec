/** Where the directory comes from: one port for LDAP, Active Directory and files. */
import type { Result } from '#contract';
import type { SourcePerson } from '../../db/queries/people.ts';

/** Takes some people; resolves when there is room for more, which is how a slow disk slows the reading. */
export type TakePeople = (people: readonly SourcePerson[]) => Promise<void>;

/**
 * Somebody who was left out, or a fact of somebody. no-key, no-name, row (a line of a file that cannot be read) and twice (a key that
 * somebody else has): the person · number: no number in it, the person is kept · column: nobody reads this column of a file.
 */
export interface Trouble {
  readonly what: 'no-key' | 'no-name' | 'twice' | 'row' | 'number' | 'column';
  /** The entry's DN, the line of the file, or the column's name. Can name somebody: for the helpdesk's eyes, never for the log. */
  readonly where: string;
}

export type TellTrouble = (trouble: Trouble) => void;

/** Everybody was delivered. */
export interface Loaded {
  /** Where the next delta begins. Opaque: only the source reads it. */
  readonly cursor: string;
}

/**
 * What a delta found. unchanged: nothing since the cursor · changed: what is new was delivered · reload: the cursor is of no use,
 * everything must be read again.
 */
export type Delta =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'changed';
      readonly cursor: string;
      /** Ids of whom the source itself says that they are gone; some may never have been here. */
      readonly removed: readonly string[];
      /** Ids of everybody whom the source has now, from a listing that was read to its end; null: nobody looked. */
      readonly present: readonly string[] | null;
    }
  | { readonly kind: 'reload' };

/**
 * A directory source. Both reads end early with a fault when `signal` is aborted, and never tell a partial answer as a whole one.
 * Faults: unreachable, unauthorized, timeout, secret-missing, rejected (the server or the file says something that cannot be used).
 */
export interface DirectorySource {
  /** Names the source; a copy of another one must be loaded again. */
  readonly identity: string;
  fullLoad(take: TakePeople, signal: AbortSignal, trouble?: TellTrouble): Promise<Result<Loaded>>;
  delta(cursor: string, take: TakePeople, signal: AbortSignal, trouble?: TellTrouble): Promise<Result<Delta>>;
}
