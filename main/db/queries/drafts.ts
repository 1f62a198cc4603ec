import type { Database } from 'better-sqlite3';
import { draft as draftShape, noteTarget, type Draft } from '#contract';
import { statement } from '../statement.ts';

const tagList = draftShape.shape.tags;

function listDrafts(database: Database, _input: null): Draft[] {
  const rows = statement<[], { call_id: string; target: string | null; text: string; tags: string }>(
    database,
    'SELECT call_id, target, text, tags FROM drafts ORDER BY updated_at',
  ).all();
  return rows.map((row) => ({
    callId: row.call_id,
    target: row.target === null ? null : noteTarget.parse(JSON.parse(row.target)),
    text: row.text,
    tags: tagList.parse(JSON.parse(row.tags)),
  }));
}

/**
 * Keeps what is being written; an empty draft is no draft, and neither is what arrives after its own note was submitted (the
 * window saves a moment after the last key): it would come back and be sent again.
 */
function saveDraft(database: Database, input: { draft: Draft; at: string }): null {
  const { draft, at } = input;
  const submitted = statement<[string, string, string], { id: string }>(
    database,
    'SELECT id FROM notes WHERE call_id = ? AND text = ? AND tags = ? LIMIT 1',
  ).get(draft.callId, draft.text, JSON.stringify(draft.tags));
  if (submitted || (draft.text === '' && draft.tags.length === 0 && draft.target === null)) {
    statement<[string]>(database, 'DELETE FROM drafts WHERE call_id = ?').run(draft.callId);
    return null;
  }
  statement<[string, string | null, string, string, string]>(
    database,
    `INSERT INTO drafts (call_id, target, text, tags, updated_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (call_id) DO UPDATE SET target = excluded.target, text = excluded.text, tags = excluded.tags,
       updated_at = excluded.updated_at`,
  ).run(draft.callId, draft.target === null ? null : JSON.stringify(draft.target), draft.text, JSON.stringify(draft.tags), at);
  return null;
}

export const draftQueries = {
  'drafts.list': listDrafts,
  'drafts.save': saveDraft,
} as const;
