import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ledgerFeatures, ledgerFormat, openWorkspaceLedger } from './index'

const root = mkdtempSync(join(tmpdir(), 'drydock-ledger-format-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the format of a workspace', () => {
  it('is made of what every feature with tables adds to it, in the order of their places', () => {
    const features = Object.values(ledgerFeatures)
    const places = features.map(({ place }) => place)
    expect(features.length).toBeGreaterThan(8)
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    for (const [index, { version, name, sql }] of ledgerFormat.migrations.entries()) {
      expect([version, sql]).toEqual([index + 1, features.flatMap(({ migrations }) => migrations[version] ?? []).join('')])
      expect(`${name}: ${sql}`).toMatch(/^[a-z ]+: ./s)
    }
    const versions = features.flatMap(({ migrations }) => Object.keys(migrations).map(Number))
    expect(Math.max(...versions)).toBe(ledgerFormat.migrations.length)
  })

  it('keeps the names under which its steps stand in ledgers', () => {
    const ledger = openWorkspaceLedger(join(root, 'ledger.sqlite'))
    const names = ledger.all<{ name: string }>('SELECT name FROM migration ORDER BY version').map(({ name }) => name)
    const released = [
      'workspace',
      'datasets',
      'journal',
      'experiments',
      'models',
      'governance',
      'entry order',
      'evidence',
      'policy order',
      'connections'
    ]
    expect(names.slice(0, released.length)).toEqual(released)
    expect(names).toEqual(ledgerFormat.migrations.map(({ name }) => name))
    ledger.close()
  })

  it('publishes views of every feature that has some, each of which can be read', () => {
    const ledger = openWorkspaceLedger(join(root, 'views.sqlite'))
    const published = Object.values(ledgerFeatures).flatMap((feature) => feature.published)
    expect(ledger.views).toEqual(published)
    for (const { name, columns } of published)
      expect([name, ledger.all(`SELECT ${columns.map((column) => column.name).join(', ')} FROM ${name}`)]).toEqual([name, []])
    ledger.close()
  })
})
