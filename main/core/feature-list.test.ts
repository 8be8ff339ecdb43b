import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from './all-commands'
import * as list from './feature-list'
import { ledgerFeatures } from './ledger'
import { opened, type Manifest } from './manifest'
import { openFeatures } from './open-features'
import type { WorkspaceContext } from './workspace'

const core = join('main', 'core')
const foldersWith = (file: string): string[] => readdirSync(core).filter((folder) => existsSync(join(core, folder, file)))
const manifests = new Map<string, Manifest>(Object.entries(list))

describe('the list of features', () => {
  it('names every folder that has a manifest, tables or commands, by the name of the folder', () => {
    expect([...manifests.keys()].sort()).toEqual(foldersWith('manifest.ts').sort())
    expect(Object.keys(ledgerFeatures).sort()).toEqual(foldersWith('tables.ts').sort())
    expect(Object.keys(commands).sort()).toEqual(foldersWith('commands.ts').sort())
  })
  it('has the parts of a format in an order without doubt', () => {
    const places = Object.values(ledgerFeatures).map(({ place }) => place)
    expect(new Set(places).size).toBe(places.length)
    expect([...places].sort((one, other) => one - other)).toEqual(places)
  })
})

describe('opening features', () => {
  const context = {} as WorkspaceContext
  const feature = (name: string, log: string[]) =>
    opened<{ name: string }>({ name }, { start: () => log.push(`start ${name}`), close: () => log.push(`close ${name}`) })

  it('opens first what another asks for while it opens, each once; what is asked for later may come after', () => {
    const log: string[] = []
    const named = (name: string, ask: (needs: Record<string, { name: string }>) => void) => ({
      open: (_context: WorkspaceContext, needs: Record<string, { name: string }>) => {
        ask(needs)
        log.push(name)
        return feature(name, log)
      }
    })
    let later = (): string => ''
    const features = {
      bundles: named('bundles', ({ models, people }) => [models, people]),
      models: named('models', (needs) => {
        later = () => needs.bundles.name + needs.clock.name
      }),
      people: named('people', ({ clock }) => clock)
    }
    const made = openFeatures(features, { clock: { name: 'ground' } }, ({ open }, needs) => open(context, needs))
    expect(log).toEqual(['models', 'people', 'bundles'])
    expect(Object.keys(made)).toEqual(log)
    expect(later()).toBe('bundlesground')
  })
  it('says which features wait for each other', () => {
    const asking = (name: string) => ({
      open: (_context: WorkspaceContext, needs: Record<string, object>) => opened({ of: needs[name] })
    })
    const circle = { one: asking('two'), two: asking('three'), three: asking('one') }
    expect(() => openFeatures(circle, {}, ({ open }, needs) => open(context, needs))).toThrow(
      'one asks for two asks for three asks for one'
    )
  })
  it('does not compile where a need is missing or is another than is there', () => {
    const tide = { open: (_context: WorkspaceContext) => opened<{ height(): number }>({ height: () => 3 }) }
    const right = {
      tide,
      gauge: { open: (_context: WorkspaceContext, needs: { tide: { height(): number } }) => opened<{ height(): number }>(needs.tide) }
    }
    const missing = { tide, gauge: { open: (_context: WorkspaceContext, needs: { wind: object }) => opened({ needs }) } }
    const other = { tide, gauge: { open: (_context: WorkspaceContext, needs: { tide: { height(): string } }) => opened({ needs }) } }
    expect(openFeatures(right, {}, (manifest, needs) => manifest.open(context, needs)).gauge.reads.height()).toBe(3)
    // @ts-expect-error: nothing is called wind
    expect(() => openFeatures(missing, {}, (manifest, needs) => manifest.open(context, needs))).not.toThrow()
    // @ts-expect-error: the height of the tide is a number
    expect(() => openFeatures(other, {}, (manifest, needs) => manifest.open(context, needs))).not.toThrow()
  })
})
