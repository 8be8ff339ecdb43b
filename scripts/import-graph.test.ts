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
  write('main/core/alpha/tables.ts', 'export const alphaTables = {}\n')
  write('main/core/ledger/index.ts', "import { alphaTables } from '../alpha/tables'\nexport const format = alphaTables\n")
  write('preload/contract/index.ts', "import type { Thing } from '../../main/model/thing'\nexport type T = Thing\n")
  write('renderer/features/runs/index.ts', "import { createElement } from 'react'\nexport const runs = createElement\n")
  write('renderer/features/models/index.ts', 'export const models = 1\n')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the import graph', () => {
  it('of the repository is seen and clean', () => {
    const { modules, violations } = cruiseImports()
    expect(modules).toBeGreaterThan(50)
    expect(violations).toEqual([])
  })

  it('of a clean fixture has no breach', () => {
    const { modules, violations } = cruiseImports(directory)
    expect(modules).toBeGreaterThan(5)
    expect(violations).toEqual([])
  })

  const breaches = [
    ['main/core/alpha/breach.ts', "import { app } from 'electron'\nexport const breach = app\n", 'core-knows-no-electron-no-contract'],
    [
      'main/core/alpha/breach.ts',
      "import type { T } from '../../../preload/contract'\nexport type B = T\n",
      'core-knows-no-electron-no-contract'
    ],
    ['main/core/beta/breach.ts', "import { alpha } from '../alpha/alpha'\nexport const breach = alpha\n", 'core-features-meet-at-index'],
    [
      'main/core/beta/breach.ts',
      "import { alphaTables } from '../alpha/tables'\nexport const breach = alphaTables\n",
      'tables-belong-to-their-feature'
    ],
    ['main/core/beta/tables.ts', "import { alpha } from '../alpha'\nexport const breach = alpha\n", 'tables-import-no-code-of-features'],
    ['main/model/breach.ts', "import { join } from 'node:path'\nexport const breach = join\n", 'model-imports-only-zod'],
    ['main/app/breach.ts', "import { alpha } from '../core/alpha'\nexport const breach = alpha\n", 'shell-imports-electron-contract-wire'],
    [
      'preload/contract/breach.ts',
      "import { alpha } from '../../main/core/alpha'\nexport const breach = alpha\n",
      'contract-imports-model-and-wire'
    ],
    [
      'renderer/features/runs/breach.ts',
      "import { models } from '../models'\nexport const breach = models\n",
      'renderer-features-do-not-meet'
    ],
    [
      'renderer/breach.ts',
      "import { alpha } from '../main/core/alpha'\nexport const breach = alpha\n",
      'renderer-imports-contract-wire-model'
    ],
    [
      'renderer/breach.ts',
      "import { readFileSync } from 'node:fs'\nexport const breach = readFileSync\n",
      'renderer-uses-no-node-modules-of-the-runtime'
    ]
  ] as const

  it.each(breaches)('catches a breach planted in %s (%#)', (path, text, rule) => {
    write(path, text)
    try {
      expect(cruiseImports(directory).violations.map((violation) => violation.rule)).toContain(rule)
    } finally {
      rmSync(join(directory, path))
    }
  })
})
