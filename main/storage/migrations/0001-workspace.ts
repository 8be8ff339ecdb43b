import type { Migration } from '../ledger/ledger'

export const migration0001: Migration = {
  version: 1,
  name: 'workspace',
  sql: `
    CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE person(
      id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, email TEXT NOT NULL,
      roles TEXT NOT NULL, demo INTEGER NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE person_key(
      fingerprint TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person(id),
      public_pem TEXT NOT NULL, private_path TEXT, created_at TEXT NOT NULL);
    CREATE TABLE event(
      idx INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
  `
}
