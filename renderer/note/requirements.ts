import type { Draft } from '#contract';

export type Need = 'target' | 'subject' | 'text' | 'tags';

/** What "Ferdig" demands of a note, and whether it is there: said before, not after. */
export function requirements(draft: Draft, requiredTags: number): { readonly need: Need; readonly met: boolean }[] {
  const needs: { need: Need; met: boolean }[] = [{ need: 'target', met: draft.target !== null }];
  if (draft.target?.kind === 'newCase') needs.push({ need: 'subject', met: draft.target.subject.trim() !== '' });
  if (requiredTags > 0) needs.push({ need: 'tags', met: draft.tags.length >= requiredTags });
  if (requiredTags === 0) needs.push({ need: 'text', met: draft.text.trim() !== '' || draft.tags.length > 0 });
  return needs;
}

export const complete = (draft: Draft, requiredTags: number): boolean =>
  requirements(draft, requiredTags).every(({ met }) => met);

/** True when nothing has been written or chosen that could be lost. */
export const isEmpty = (draft: Draft): boolean => draft.text.trim() === '' && draft.tags.length === 0 && draft.target === null;

/** The tags offered with a key each: the line's own first, then those for every line. A tag keeps its key when it is chosen. */
export function suggestions(suggested: Readonly<Record<string, readonly string[]>>, line: string | null): readonly string[] {
  const offered = [...(line === null ? [] : (suggested[line] ?? [])), ...(suggested['*'] ?? [])];
  return [...new Set(offered)].slice(0, 6);
}

/** A typed tag as it is stored: one line, at most 80 characters; null when nothing is left. */
export function cleanTag(typed: string): string | null {
  const tag = typed
    .replace(/[\s,]+/g, ' ')
    .trim()
    .slice(0, 80);
  return tag === '' ? null : tag;
}
