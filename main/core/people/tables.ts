import type { FeatureTables, Table } from '../../storage/ledger/feature-tables'
import type { Sha256, PersonId } from '../../model/reference'

export interface PersonRow {
  id: PersonId
  name: string
  title: string
  email: string
  /** JSON. */
  roles: string
  demo: number
  created_at: string
  left_at: string | null
}
export interface KeyRow {
  fingerprint: Sha256
  person_id: PersonId
  public_pem: string
  private_path: string | null
  created_at: string
  retired_at: string | null
}
/** A name that somebody had: it becomes nobody else's. */
export interface FormerNameRow {
  person_id: PersonId
  name: string
  until: string
}
export const person: Table<PersonRow> = 'person'
export const personKey: Table<KeyRow> = 'person_key'
export const personFormerName: Table<FormerNameRow> = 'person_former_name'
export const setting: Table<{ key: string; value: string }> = 'setting'

export const peopleTables: FeatureTables = {
  place: 1,
  migrations: {
    1: `
    CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE person(
      id TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, email TEXT NOT NULL,
      roles TEXT NOT NULL, demo INTEGER NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE person_key(
      fingerprint TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person(id),
      public_pem TEXT NOT NULL, private_path TEXT, created_at TEXT NOT NULL);
`,
    7: `
CREATE INDEX person_key_of_person ON person_key(person_id);
`,
    14: `
ALTER TABLE person ADD COLUMN left_at TEXT;
ALTER TABLE person_key ADD COLUMN retired_at TEXT;
CREATE TABLE person_former_name(person_id TEXT NOT NULL REFERENCES person(id), name TEXT NOT NULL, until TEXT NOT NULL);
CREATE INDEX person_former_name_of_person ON person_former_name(person_id);
`
  },
  published: []
}
