import { readdirSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { latestVersion, migrate, migrations, schemaVersion } from '../../main/db/migrations/index.ts';
import { grow } from './samples.ts';

function rows(database: Database): Record<string, unknown[]> {
  const tables = database
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();
  return Object.fromEntries(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]));
}

/** A database as a program of schema `version` left it, with rows in every table. */
function at(version: number): Database {
  const database = new Sqlite(':memory:');
  database.pragma('foreign_keys = ON');
  grow(database, version);
  return database;
}

test('the steps are numbered without gaps, one file each', () => {
  expect(migrations.map(({ id }) => id)).toEqual(migrations.map((_, index) => index + 1));
  const files = readdirSync(new URL('../../main/db/migrations/', import.meta.url)).filter((name) => /^\d/.test(name));
  expect(files.toSorted()).toEqual(migrations.map(({ id, name }) => `${String(id).padStart(3, '0')}-${name}.ts`));
});

test('every table is STRICT and has rows in the samples', () => {
  const database = at(latestVersion());
  const tables = database.pragma('table_list') as { schema: string; name: string; type: string; strict: number }[];
  const ours = tables.filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'));
  expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
  expect(Object.entries(rows(database)).filter(([, content]) => content.length === 0)).toEqual([]);
});

describe.each(Array.from({ length: latestVersion() + 1 }, (_, version) => version))('from version %i', (version) => {
  test('the schema becomes exactly that of a new database', () => {
    const schema = (database: Database) =>
      database
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name")
        .all();
    const fresh = new Sqlite(':memory:');
    migrate(fresh);
    const old = at(version);
    migrate(old);
    expect(schema(old)).toEqual(schema(fresh));
    expect(schemaVersion(old)).toBe(latestVersion());
  });

  test('nothing that was stored is lost', () => {
    const old = at(version);
    const before = rows(old);
    migrate(old);
    const after = rows(old);
    for (const [table, content] of Object.entries(before)) {
      expect(after[table], table).toHaveLength(content.length);
      expect(after[table], table).toMatchObject(content as object[]);
    }
    expect(old.pragma('foreign_key_check')).toEqual([]);
    expect(old.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});

test('a step that fails leaves the version before it, whole', () => {
  const database = at(1);
  const before = rows(database);
  const broken = {
    id: 2,
    name: 'broken',
    up(target: Database) {
      target.exec('CREATE TABLE half (a TEXT) STRICT; DELETE FROM call_log;');
      throw new Error('in the middle');
    },
  };
  expect(() => migrate(database, 2, [broken])).toThrow('in the middle');
  expect(schemaVersion(database)).toBe(1);
  expect(rows(database)).toEqual(before);
});
