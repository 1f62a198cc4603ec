/** What the beginning of a subject says by the Trio convention: `MØT:` closed, `MØT;` open. The subject itself goes no further than here. */
import type { AbsenceKind } from '#contract';
import { trioKinds } from '../directory/people.ts';

/** What an event does to calls, and the cause as far as it may be told. */
export interface Meaning {
  readonly closed: boolean;
  readonly kind: AbsenceKind;
}

export type ReadSubject = (subject: string) => Meaning | null;

/** Three capitals before a colon that people write without meaning a code. */
const ordinary = new Set(['OBS', 'FYI', 'HMS', 'FAQ', 'URL', 'PHD']);

/**
 * Reads codes by a table of them (→ what may be told) beside the usual four. SYK is `away` whatever the table says, as is a code
 * that nobody knows: three capitals and the mark. Null: no code.
 */
export function subjectReader(table: Readonly<Record<string, AbsenceKind>>): ReadSubject {
  const upper = (text: string) => text.normalize('NFC').toUpperCase();
  const kinds = new Map<string, AbsenceKind>([
    ...Object.entries(trioKinds),
    ...Object.entries(table).map(([code, kind]) => [upper(code), kind] as const),
    ['SYK', 'away'],
  ]);
  return (subject) => {
    const [, code = '', mark] = /^\s*(\p{L}{2,5})\s?([:;])/u.exec(subject.normalize('NFC')) ?? [];
    const known = kinds.get(upper(code));
    const unknown = /^\p{Lu}{3}$/u.test(code) && !ordinary.has(code);
    return known === undefined && !unknown ? null : { closed: mark === ':', kind: known ?? 'away' };
  };
}
