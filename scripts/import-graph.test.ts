import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cruiseImports } from './import-graph.mjs'

let directory: string

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true })
  writeFileSync(join(directory, path), text)
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-imports-'))
  cpSync('tsconfig.json', join(directory, 'tsconfig.json'))
  symlinkSync(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'))
  write('main/model/thing.ts', "import { z } from 'zod'\nexport const Thing = z.object({})\nexport type Thing = z.infer<typeof Thing>\n")
  write('main/core/alpha/index.ts', "export { alpha } from './alpha'\n")
  write('main/core/alpha/alpha.ts', "import { Thing } from '../../model/thing'\nexport const alpha = Thing\n")
  write(
    'main/core/beta/index.ts',
    "import { alpha } from '../alpha'\nimport { join } from 'node:path'\nexport const beta = [alpha, join]\n"
  )
  write('main/core/tasks/index.ts', "export { skill } from './binary'\n")
  write('main/core/tasks/binary/index.ts', 'export const skill = 1\n')
  write('main/core/alpha/tables.ts', 'export const alphaTables = {}\n')
  write('main/core/ledger/index.ts', "import { alphaTables } from '../alpha/tables'\nexport const format = alphaTables\n")
  write('preload/contract/index.ts', "import type { Thing } from '../../main/model/thing'\nexport type T = Thing\n")
  write('renderer/features/runs/index.ts', "import { createElement } from 'react'\nexport const runs = createElement\n")
  write('renderer/features/models/index.ts', 'export const models = 1\n')
  write('renderer/evidence/gate.ts', "import type { Thing } from '../../main/model/thing'\nexport const gate: Thing | null = null\n")
  write('renderer/evidence/index.ts', "export { gate } from './gate'\n")
  write('renderer/host/testing.tsx', 'export const renderPlain = 1\n')
  write('main/core/alpha/sample.fixture.ts', "import { rows } from '../../storage/arrow/testing'\nexport const sample = rows\n")
  write('main/storage/arrow/testing/index.ts', 'export const rows = 1\n')
  write('resources/text.json', '{}\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** A file that must not be, and the rule that has to say so. */
const breaches = [
  ['main/core/alpha/breach-1.ts', "import { app } from 'electron'\nexport const breach = app\n", 'core-knows-no-electron-no-contract'],
  [
    'main/core/alpha/breach-2.ts',
    "import type { T } from '../../../preload/contract'\nexport type B = T\n",
    'core-knows-no-electron-no-contract'
  ],
  ['main/core/beta/breach-3.ts', "import { alpha } from '../alpha/alpha'\nexport const breach = alpha\n", 'core-features-meet-at-index'],
  [
    'main/core/beta/breach-tables.ts',
    "import { alphaTables } from '../alpha/tables'\nexport const breach = alphaTables\n",
    'tables-belong-to-their-feature'
  ],
  ['main/core/beta/tables.ts', "import { alpha } from '../alpha'\nexport const breach = alpha\n", 'tables-import-no-code-of-features'],
  [
    'main/core/alpha/breach-ledger.ts',
    "import Database from 'libsql'\nexport const breach = Database\n",
    'ledgers-are-opened-in-one-place'
  ],
  ['main/core/beta/breach-task.ts', "import { skill } from '../tasks/binary'\nexport const breach = skill\n", 'tasks-have-one-face'],
  ['main/model/breach-4.ts', "import { join } from 'node:path'\nexport const breach = join\n", 'model-imports-only-zod'],
  ['main/app/breach-5.ts', "import { alpha } from '../core/alpha'\nexport const breach = alpha\n", 'shell-imports-electron-contract-wire'],
  [
    'preload/contract/breach-6.ts',
    "import { alpha } from '../../main/core/alpha'\nexport const breach = alpha\n",
    'contract-imports-model-and-wire'
  ],
  [
    'renderer/features/runs/breach-7.ts',
    "import { models } from '../models'\nexport const breach = models\n",
    'renderer-features-do-not-meet'
  ],
  [
    'renderer/breach-8.ts',
    "import { alpha } from '../main/core/alpha'\nexport const breach = alpha\n",
    'renderer-imports-contract-wire-model'
  ],
  [
    'renderer/breach-9.ts',
    "import { readFileSync } from 'node:fs'\nexport const breach = readFileSync\n",
    'renderer-uses-no-node-modules-of-the-runtime'
  ],
  [
    'renderer/features/runs/breach-10.ts',
    "import { renderPlain } from '../../host/testing'\nexport const breach = renderPlain\n",
    'tests-stay-out-of-the-program'
  ],
  [
    'main/core/alpha/breach-11.ts',
    "import { sample } from './sample.fixture'\nexport const breach = sample\n",
    'tests-stay-out-of-the-program'
  ],
  [
    'main/core/alpha/breach-12.ts',
    "import { rows } from '../../storage/arrow/testing'\nexport const breach = rows\n",
    'tests-stay-out-of-the-program'
  ],
  ['main/workers/breach-13.ts', "import type { T } from '../../preload/contract'\nexport type B = T\n", 'workers-import-core-and-model'],
  [
    'renderer/breach-14.ts',
    "import text from '../resources/text.json'\nexport const breach = text\n",
    'renderer-imports-contract-wire-model'
  ],
  ['renderer/ui/breach.ts', "import type { Thing } from '../../main/model/thing'\nexport type B = Thing\n", 'ui-is-the-design-system'],
  ['renderer/evidence/breach.ts', "import { models } from '../features/models'\nexport const breach = models\n", 'evidence-knows-no-area'],
  [
    'renderer/features/runs/breach-evidence.ts',
    "import { gate } from '../../evidence/gate'\nexport const breach = gate\n",
    'evidence-is-for-areas'
  ],
  ['renderer/areas/breach.ts', "import { models } from '../features/models'\nexport const breach = models\n", 'areas-know-no-area'],
  ['renderer/charts/breach.ts', "import { gate } from '../evidence'\nexport const breach = gate\n", 'charts-and-host-know-no-evidence'],
  ['renderer/circle.ts', "import type { Other } from './circle-other'\nexport type One = Other | null\n", 'no-circles'],
  ['renderer/circle-other.ts', "import type { One } from './circle'\nexport type Other = One | string\n", 'no-circles']
] as const

let planted: { from: string; to: string; rule: string }[]

describe('the import graph', () => {
  // That of the repository is a step of its own in `npm run check`.
  it('of a clean fixture has no breach', () => {
    const { modules, violations } = cruiseImports(directory)
    expect(modules).toBeGreaterThan(5)
    expect(violations).toEqual([])
  })
})

describe('a planted breach', () => {
  beforeAll(() => {
    for (const [path, text] of breaches) write(path, text)
    planted = cruiseImports(directory).violations
    for (const [path] of breaches) rmSync(join(directory, path))
  })

  it.each(breaches)('is caught in %s', (path, _text, rule) => {
    // A circle is reported once, from whichever of its files was read first.
    expect(planted.filter(({ from, to }) => from === path || to === path).map((violation) => violation.rule)).toContain(rule)
  })
})
