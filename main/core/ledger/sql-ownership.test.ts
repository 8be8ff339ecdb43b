import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ledgerFeatures } from './index'

/** The table of a ledger that belongs to no feature. */
const owners = new Map([['migration', 'storage']])
for (const [feature, { migrations }] of Object.entries(ledgerFeatures))
  for (const sql of Object.values(migrations)) for (const [, table] of sql.matchAll(/CREATE TABLE (\w+)/g)) owners.set(table, feature)

const isProduction = (path: string): boolean => path.endsWith('.ts') && !/\.(test|fixture)\.ts$|\/fixtures\/|^main\/testing\//.test(path)
const sources = readdirSync('main', { recursive: true })
  .map((path) => join('main', String(path)).split(sep).join('/'))
  .filter(isProduction)

/** Every text of a source; what a template puts in stands as a question mark. */
function textsOf(code: string): string[] {
  const texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text)
    else if (ts.isTemplateExpression(node)) texts.push([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('?'))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('source.ts', code, ts.ScriptTarget.Latest, true))
  return texts
}

const NAMED = /\b(?:FROM|JOIN|INTO|UPDATE|ALTER TABLE|DROP TABLE)\s+(?:temp\.|main\.)?["`[]?(\w+)/gi
const INSERT = /\bINSERT\s+(?:OR\s+\w+\s+)?INTO\s+["`[]?([\w?.]+)["`\]]?\s*(\(?)/gi

/** What is wrong with the SQL of one source. */
function breachesOf(path: string, code: string): string[] {
  const feature = /^main\/core\/([^/]+)\//.exec(path)?.[1] ?? path.split('/')[1]
  const breaches: string[] = []
  // A name on its own is one that a template puts into SQL; in tables.ts it is a column.
  for (const text of path.endsWith('/tables.ts') ? [] : textsOf(code))
    if (text.includes('_') && owners.has(text) && owners.get(text) !== feature)
      breaches.push(`${path}: "${text}" belongs to ${owners.get(text)}`)
  // Prose has no verb of SQL in capitals, and no text of SQL is without one.
  for (const text of textsOf(code).filter(
    (each) => /\b(SELECT|INSERT|UPDATE|DELETE|WITH|FROM|JOIN)\b/.test(each) || /^\s*(select|insert|update|delete|with)\s/.test(each)
  )) {
    for (const [, table] of text.matchAll(NAMED)) {
      const owner = owners.get(table)
      if (owner !== undefined && owner !== feature) breaches.push(`${path}: "${table}" belongs to ${owner}`)
    }
    for (const [, table, columns] of text.matchAll(INSERT))
      if (columns === '' && (owners.has(table) || table.includes('?'))) breaches.push(`${path}: INSERT INTO ${table} names no columns`)
  }
  return breaches
}

describe('SQL in the program', () => {
  it('is found, and every table has one owner', () => {
    expect(owners.size).toBeGreaterThan(25)
    expect(sources.length).toBeGreaterThan(300)
    const statements = sources.flatMap((path) => textsOf(readFileSync(path, 'utf8'))).filter((text) => /\bSELECT\b/.test(text))
    expect(statements.length).toBeGreaterThan(80)
  })

  it('names only tables of its own feature, and columns where it adds rows', () => {
    expect(sources.flatMap((path) => breachesOf(path, readFileSync(path, 'utf8')))).toEqual([])
  })

  it.each(Object.entries(ledgerFeatures))('%s publishes nothing of others', (feature, { published }) => {
    for (const { name, from } of published) {
      expect(breachesOf(`main/core/${feature}/tables.ts`, JSON.stringify(`SELECT 1 FROM ${from}`)), name).toEqual([])
      expect(owners.has(name), `the view ${name} hides a table`).toBe(false)
    }
  })

  it.each([
    ["ledger.get('SELECT outcome FROM gate_result WHERE run_id = ?', id)", '"gate_result" belongs to policies'],
    ['ledger.all(`SELECT r.id FROM runs x JOIN run r ON r.id = x.run_id ${order}`)', '"run" belongs to experiments'],
    ["ledger.run('update job set state = 1')", '"job" belongs to jobs'],
    ['ledger.run("DELETE FROM run_tag")', '"run_tag" belongs to experiments'],
    ["ledger.run('INSERT INTO event(idx) VALUES(1)')", '"event" belongs to audit'],
    ["ledger.run('INSERT OR REPLACE INTO model_version VALUES(?)', x)", 'INSERT INTO model_version names no columns'],
    ["keyed(ledger, 'run_parameter')", '"run_parameter" belongs to experiments'],
    ['ledger.run(`INSERT INTO ${table} VALUES(?)`, x)', 'INSERT INTO ? names no columns']
  ])('a planted breach is found: %s', (code, breach) => {
    expect(breachesOf('main/core/models/planted.ts', code)).toEqual([`main/core/models/planted.ts: ${breach}`])
  })

  it('leaves prose, published views and own tables alone', () => {
    const code = `'Update the model from run to run.'; ledger.all('SELECT * FROM gate_results JOIN models USING(run_id)'); ledger.get('SELECT 1 FROM model_version')`
    expect(breachesOf('main/core/models/fine.ts', code)).toEqual([])
  })
})
