import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contract } from '../preload/contract'
import * as features from '../main/core/feature-list'
import type { Features } from '../main/core/workbench'
import * as commandGroups from '../main/cli/command-list'
import { handlers } from '../main/host/handlers'

/** Where a feature is written down outside of its own folders: a list of exports, one line each. */
const lists = [
  { list: 'main/core/feature-list.ts', folder: 'main/core', own: (entry: string) => existsSync(join('main/core', entry, 'manifest.ts')) },
  { list: 'preload/contract/contract-list.ts', folder: 'preload/contract' },
  { list: 'main/host/handlers/handler-list.ts', folder: 'main/host/handlers' },
  { list: 'main/cli/command-list.ts', folder: 'main/cli', own: (entry: string) => entry.endsWith('-commands.ts') },
  {
    list: 'renderer/app/area-list.ts',
    folder: 'renderer/features',
    own: (entry: string) => existsSync(join('renderer/features', entry, 'manifest.ts'))
  }
]
const isFeature = (entry: string): boolean => entry.endsWith('.ts') && !/^(index|[a-z]+-list)\.ts$|\.test\.ts$/.test(entry)
const pathOf = (line: string): string => /^export \{ .+ \} from '(.+)'$/.exec(line)?.[1] ?? line

describe.each(lists)('$list', ({ list, folder, own = isFeature }) => {
  const lines = readFileSync(list, 'utf8').trimEnd().split('\n')
  it('says each feature of its side in one line, and nothing else', () => {
    const [comment, ...entries] = lines
    expect(comment).toMatch(/^\/\*\* .+ \*\/$/)
    const named = entries.map((line) => basename(pathOf(line).replace(/\/manifest$/, '')))
    const there = readdirSync(folder)
      .filter(own)
      .map((entry) => entry.replace(/\.ts$/, ''))
    expect(named.sort()).toEqual(there.sort())
  })
  it('is the only file beside its features that names them', () => {
    const beside = readdirSync(folder).filter(
      (entry) => /\.ts$/.test(entry) && !own(entry) && !list.endsWith(`/${entry}`) && !entry.endsWith('.test.ts')
    )
    const files = [...beside.map((entry) => join(folder, entry)), ...(folder === 'renderer/features' ? ['renderer/app/areas.ts'] : [])]
    for (const line of lines.slice(1)) {
      const path = pathOf(line)
      // Who is at the machine, and whose keys lie on it, is said of people alone.
      if (folder === 'main/core' && path === './people') continue
      for (const file of files) expect(readFileSync(file, 'utf8'), file).not.toContain(`from '${path}'`)
    }
  })
})

describe('the lists together', () => {
  it('have what a window can ask for and who answers under the same names', () => {
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort())
    for (const feature of Object.keys(contract) as (keyof typeof contract)[])
      expect(Object.keys(handlers[feature]).sort()).toEqual(Object.keys(contract[feature]).sort())
  })
  it('give a window something to ask of each feature but the record, which is asked with the workspace', () => {
    expect(Object.keys(features).filter((feature) => !(feature in contract))).toEqual(['audit'])
  })
  it('have the groups of the command line in an order without doubt', () => {
    const places = Object.values(commandGroups).map(({ place }) => place)
    expect(new Set(places).size).toBe(places.length)
  })
})

describe('what writes', () => {
  /** `PoliciesWriter` and its like: what commands work with. */
  const writers = readdirSync('main/core', { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(join('main/core', path), 'utf8').matchAll(/^export interface (\w+Writer) extends/gm)])
    .map(([, name]) => name!)
  const outside = ['main/host', 'main/cli', 'main/workers', 'main/core/sample', 'main/core/overview', 'main/core/application.ts']
    .flatMap((path) => (path.endsWith('.ts') ? [path] : readdirSync(path, { recursive: true }).map((file) => join(path, String(file)))))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))

  it('is reached through commands alone: who asks for them never names a writer', () => {
    expect(writers.sort()).toEqual(
      [
        'Audit',
        'Bundles',
        'Datasets',
        'Experiments',
        'Explaining',
        'Jobs',
        'ModelImports',
        'Models',
        'People',
        'Pipelines',
        'Policies',
        'Quality'
      ].map((of) => `${of}Writer`)
    )
    const any = new RegExp(`\\b(${writers.join('|')})\\b`)
    expect(any.test('import type { JobsWriter } from')).toBe(true)
    expect(outside.filter((path) => any.test(readFileSync(path, 'utf8')))).toEqual([])
  })
  it('is not in what a window sees', () => {
    const see = (app: Features): unknown[] => [
      // @ts-expect-error: jobs.cancel is a command
      app.jobs.cancel,
      // @ts-expect-error: policies.save is a command
      app.policies.save,
      // @ts-expect-error: nothing but a command adds to the record
      app.audit.append
    ]
    expect(see).toBeTypeOf('function')
  })
})
