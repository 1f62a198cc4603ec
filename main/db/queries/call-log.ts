import type { Database } from 'better-sqlite3';
import type { CallRecord, Day } from '#contract';
import { statement } from '../statement.ts';

const columns = `id, direction, number, name, line, started_at AS startedAt, answered_at AS answeredAt, ended_at AS endedAt,
  outcome, transferred_to AS transferredTo, wrap_up_seconds AS wrapUpSeconds`;

/** Adds a call, or brings a known one up to date (its wrap-up ends after it was first written). */
function add(database: Database, record: CallRecord): null {
  statement<[CallRecord]>(
    database,
    `INSERT INTO call_log (id, direction, number, name, line, started_at, answered_at, ended_at, outcome, transferred_to, wrap_up_seconds)
     VALUES (@id, @direction, @number, @name, @line, @startedAt, @answeredAt, @endedAt, @outcome, @transferredTo, @wrapUpSeconds)
     ON CONFLICT (id) DO UPDATE SET direction = excluded.direction, number = excluded.number, name = excluded.name,
       line = excluded.line, started_at = excluded.started_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at,
       outcome = excluded.outcome, transferred_to = excluded.transferred_to, wrap_up_seconds = excluded.wrap_up_seconds`,
  ).run(record);
  return null;
}

/** The calls that began in [from, to), newest first up to `limit`, and the figures of them all. */
function between(database: Database, input: { from: string; to: string; limit: number }): Day {
  const figures = statement<[string, string], Omit<Day, 'recent'>>(
    database,
    `SELECT count(*) AS calls, count(*) FILTER (WHERE outcome = 'transferred') AS transferred,
       avg(wrap_up_seconds) AS averageWrapUpSeconds
     FROM call_log WHERE started_at >= ? AND started_at < ?`,
  ).get(input.from, input.to);
  const recent = statement<[string, string, number], CallRecord>(
    database,
    `SELECT ${columns} FROM call_log WHERE started_at >= ? AND started_at < ? ORDER BY started_at DESC LIMIT ?`,
  ).all(input.from, input.to, input.limit);
  return {
    calls: figures?.calls ?? 0,
    transferred: figures?.transferred ?? 0,
    averageWrapUpSeconds: figures?.averageWrapUpSeconds ?? null,
    recent,
  };
}

/** Deletes calls that began before `before`; answers how many. */
function removeBefore(database: Database, input: { before: string }): number {
  return statement<[string]>(database, 'DELETE FROM call_log WHERE started_at < ?').run(input.before).changes;
}

export const callLogQueries = {
  'callLog.add': add,
  'callLog.between': between,
  'callLog.removeBefore': removeBefore,
} as const;
