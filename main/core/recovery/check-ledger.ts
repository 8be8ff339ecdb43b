import Database from 'libsql'
import { WorkbenchError } from '../../model/errors'
import { quoteName } from '../../model/sql-quoting'
import { assertWholeLedger } from '../../storage/ledger/ledger-file'
import { appliedFormats, openReader, type LedgerReader } from '../../storage/ledger/ledger-reader'
import { sha256 } from '../../storage/objects/durable-files'
import { walkChain } from '../audit'
import { ledgerFeatures, ledgerFormat } from '../ledger'
import type { Findings } from './findings'

/** A file of the workspace that the ledger names. */
export interface LedgerReference {
  /** `objects/<digest>` or `data/<digest>`. */
  key: string
  what: string
  isRemade: boolean
}

export interface LedgerCheck {
  opens: boolean
  /** The newest format that was applied to it; null where that cannot be read. */
  format: number | null
  tables: number
  events: number
  /** The last entry of the record; null where there is none or it cannot be read. */
  head: { index: number; hash: string } | null
  references: Map<string, LedgerReference>
  /** Places where the record is broken. */
  breaks: number[]
}

export const LEDGER = 'ledger.sqlite'
const newest = ledgerFormat.migrations.at(-1)!.version

/**
 * Looks at a copy of a ledger: its pages, formats, tables, foreign keys and record, and gathers what files it names. Whatever is wrong
 * becomes a finding. Throws UNSUPPORTED_VERSION for the ledger of a newer program.
 */
export function checkLedger(copy: string, findings: Findings): LedgerCheck {
  const check: LedgerCheck = { opens: true, format: null, tables: 0, events: 0, head: null, references: new Map(), breaks: [] }
  let ledger: LedgerReader | undefined
  try {
    assertWholeLedger(copy, Number.MAX_SAFE_INTEGER)
    ledger = openReader(copy)
    for (const part of [checkPages, checkFormats, checkTables, checkRecord, gatherReferences]) readPart(part, ledger, check, findings)
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'UNSUPPORTED_VERSION') throw error
    sayDamage(check, findings, `It ${plain(error, copy)}.`)
  } finally {
    ledger?.close()
  }
  return check
}

type Part = (ledger: LedgerReader, check: LedgerCheck, findings: Findings) => void

function sayDamage(check: LedgerCheck, findings: Findings, message: string): void {
  check.opens = false
  findings.damage('ledger', LEDGER, message, 'repair')
}

/** One part of the check; a page that cannot be read is a finding of its own and does not end the others. */
function readPart(part: Part, ledger: LedgerReader, check: LedgerCheck, findings: Findings): void {
  try {
    part(ledger, check, findings)
  } catch (error) {
    if (error instanceof WorkbenchError && error.code === 'UNSUPPORTED_VERSION') throw error
    const message = `A part of it ${plain(error)}.`
    if (!findings.all().some((finding) => finding.message === message)) sayDamage(check, findings, message)
  }
}

/** Messages of the ledger name the copy and speak of a backup; what is wrong is what counts here. */
function plain(error: unknown, copy?: string): string {
  const text = error instanceof Error ? error.message : String(error)
  const [, told] = /^The ledger "[^"]*" (.*?)\.? It was left as it is/s.exec(text) ?? []
  return told ?? `cannot be read: ${copy === undefined ? text : text.replaceAll(copy, LEDGER)}`
}

const checkPages: Part = (ledger, check, findings) => {
  for (const row of ledger.each<{ integrity_check: string }>('PRAGMA integrity_check(20)'))
    if (row.integrity_check !== 'ok')
      sayDamage(check, findings, `Its structure is damaged: ${row.integrity_check.replaceAll(/\s+/g, ' ')}.`)
}

function checkFormats(ledger: LedgerReader, check: LedgerCheck, findings: Findings): void {
  const damage = (message: string): void => sayDamage(check, findings, message)
  const applied = appliedFormats(ledger)
  const last = applied.at(-1)?.version ?? 0
  check.format = last
  if (last > newest)
    throw new WorkbenchError(
      'UNSUPPORTED_VERSION',
      `This workspace was last opened by a newer Drydock (ledger format ${last}; this version knows ${newest}). Nothing was changed. Check it with the newer Drydock.`,
      { details: { found: last, supported: newest } }
    )
  const [{ user_version: header }] = ledger.all<{ user_version: number }>('PRAGMA user_version')
  if (header > last) damage(`Its first page says format ${header}, and its formats end with ${last}.`)
  for (const { version, checksum } of applied) {
    const known = ledgerFormat.migrations.find((each) => each.version === version)
    if (known === undefined || sha256(known.sql) !== checksum) damage(`Format ${version} is not the one that this program knows.`)
  }
  if (last < newest) {
    findings.note('ledger', LEDGER, `It has format ${last}; opening the workspace brings it to ${newest} and keeps a copy.`)
    return
  }
  const found = schemaOf(ledger.all<Definition>(DEFINITIONS))
  for (const [name, text] of (wantedSchema ??= freshSchema()))
    if (found.get(name) !== text) damage(`The definition of "${name}" is ${found.has(name) ? 'not what it was made as' : 'missing'}.`)
  for (const name of found.keys())
    if (!wantedSchema.has(name)) findings.note('ledger', name, 'It is no table or index of Drydock. It is left alone.')
}

type Definition = { name: string; sql: string }
const DEFINITIONS = `SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name <> 'migration'`
const schemaOf = (rows: Definition[]): Map<string, string> => new Map(rows.map(({ name, sql }) => [name, sql]))
/** What a new ledger is like; made once. */
let wantedSchema: Map<string, string> | undefined

function freshSchema(): Map<string, string> {
  const db = new Database(':memory:')
  try {
    for (const { sql } of ledgerFormat.migrations) db.exec(sql)
    return schemaOf(db.prepare(DEFINITIONS).all() as Definition[])
  } finally {
    db.close()
  }
}

/** What refers to rows that are not there is counted; that every page can be read was seen before. */
function checkTables(ledger: LedgerReader, check: LedgerCheck, findings: Findings): void {
  const names = ledger.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).map(({ name }) => name)
  check.tables = names.length
  const missing = new Map<string, number>()
  for (const { table, parent } of ledger.each<{ table: string; parent: string }>('PRAGMA foreign_key_check')) {
    const key = `${table} ${parent}`
    missing.set(key, (missing.get(key) ?? 0) + 1)
  }
  for (const [key, count] of missing) {
    const [table, parent] = key.split(' ')
    findings.damage('ledger', table!, `${count} of its rows name rows of "${parent}" that are not there.`, 'repair')
  }
}

function checkRecord(ledger: LedgerReader, check: LedgerCheck, findings: Findings): void {
  const known = new Set<unknown>()
  const { entries, head, breaks } = walkChain(ledger, ({ action, detail }) => {
    if (action === 'workspace.repaired' || action === 'workspace.salvaged') for (const index of breaksOf(detail)) known.add(index)
  })
  check.events = entries
  check.head = head
  check.breaks = breaks.map(({ index }) => index)
  for (const { index, reason } of breaks) {
    const message =
      reason === 'missing'
        ? `The record of who did what has no entry ${index}, but later ones.`
        : `Entry ${index} of the record is not what it was written as, or does not follow from the one before it.`
    if (known.has(index)) findings.note('record', `entry ${index}`, `${message} A later entry, of the repair of this workspace, says so.`)
    else
      findings.damage(
        'record',
        `entry ${index}`,
        `${message} Nothing here can bring it back; a backup may hold it. A repair leaves the record as it is and says in it where it is broken.`,
        'repair'
      )
  }
}

function breaksOf(detail: string): unknown[] {
  const { after } = JSON.parse(detail) as { after?: { recordBreaks?: unknown } }
  return Array.isArray(after?.recordBreaks) ? after.recordBreaks : []
}

/** What files the ledger names. A ledger of an older format has not all the columns. */
function gatherReferences(ledger: LedgerReader, check: LedgerCheck): void {
  for (const { content = [] } of Object.values(ledgerFeatures))
    for (const { table, column, kept, what, isRemade = false } of content) {
      const columns = ledger.all<{ name: string }>(`PRAGMA table_info(${quoteName(table)})`)
      if (!columns.some(({ name }) => name === column)) continue
      const folder = kept === 'objects' || kept === 'data' ? `'${kept}'` : kept
      const rows = ledger.each<{ digest: string; folder: string }>(
        `SELECT DISTINCT ${quoteName(column)} AS digest, ${folder} AS folder FROM ${quoteName(table)} WHERE ${quoteName(column)} IS NOT NULL`
      )
      for (const { digest, folder: place } of rows) {
        const key = `${place}/${digest}`
        const known = check.references.get(key)
        check.references.set(key, {
          key,
          what: known && !known.isRemade ? known.what : what,
          isRemade: isRemade && (known?.isRemade ?? true)
        })
      }
    }
}
