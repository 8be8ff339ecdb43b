/**
 * Who may import whom. A layer lists what it may reach; everything else is a breach, type imports included.
 * Tests, their fixtures and what they test with may import what they need.
 */
const testHelp = '\\.fixture\\.tsx?$|(^|/)testing(/|\\.tsx?$)'
const tests = `\\.test\\.tsx?$|${testHelp}`
const builtin = 'core'

/** npm packages, wherever node_modules lies. */
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}/|^${name}($|/)`)

const onlyMayImport = (name, from, allowed, { builtins = false, comment } = {}) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { pathNot: allowed, ...(builtins ? { dependencyTypesNot: [builtin] } : {}) }
})

const anyNpm = '(^|/)node_modules/'
const electron = npm('electron')
const wire = '^preload/wire/'
const contract = '^preload/contract/'
const model = '^main/model/'
const offline = '^main/offline/'

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that import each other are one file or three: the third holds what both need.',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/' },
      to: { circular: true }
    },
    onlyMayImport('model-imports-only-zod', '^main/model/', [model, ...npm('zod')]),
    onlyMayImport('wire-imports-only-zod', '^preload/wire/', [wire, ...npm('zod')]),
    onlyMayImport('contract-imports-model-and-wire', '^preload/contract/', [contract, wire, model, ...npm('zod')]),
    onlyMayImport('offline-imports-model-and-node', '^main/offline/', [offline, model], { builtins: true }),
    onlyMayImport(
      'storage-imports-model-and-its-engines',
      '^main/storage/',
      ['^main/storage/', model, ...npm('zod', '@duckdb/[^/]+', 'libsql', 'lz4-napi', 'fzstd')],
      { builtins: true }
    ),
    onlyMayImport(
      'core-imports-model-and-storage',
      '^main/core/',
      ['^main/core/', '^main/storage/', model, '^resources/', '^package\\.json$', anyNpm],
      {
        builtins: true
      }
    ),
    {
      name: 'ledgers-are-opened-in-one-place',
      comment: 'It knows which files this process has locks on; the lock of a workspace and a database in memory have no bytes to read.',
      severity: 'error',
      from: {
        path: '^main/',
        pathNot: `^main/storage/ledger/ledger-connection\\.ts$|^main/core/workspace/workspace-lock\\.ts$|^main/core/recovery/check-ledger\\.ts$|${tests}`
      },
      to: { path: npm('libsql') }
    },
    {
      name: 'core-knows-no-electron-no-contract',
      severity: 'error',
      from: { path: '^main/(core|storage|model|offline)/', pathNot: tests },
      to: { path: [...electron, '^preload/', '^renderer/', '^main/(app|host|cli|tracking|testing)/'] }
    },
    {
      name: 'core-features-meet-at-index',
      comment: 'A feature of core reaches another one only through its index.ts.',
      severity: 'error',
      from: { path: '^main/core/([^/]+)/.+', pathNot: tests },
      to: {
        path: '^main/core/([^/]+)/.+',
        pathNot: ['^main/core/$1/', '^main/core/[^/]+/index\\.ts$', '^main/core/workspace/context\\.ts$', '^main/core/[^/]+/tables\\.ts$']
      }
    },
    {
      name: 'tables-belong-to-their-feature',
      comment: 'Only the ledger, which puts the formats together, reads the tables of every feature.',
      severity: 'error',
      from: { path: '^main/core/([^/]+)/.+', pathNot: [tests, '^main/core/ledger/'] },
      to: { path: '^main/core/[^/]+/tables\\.ts$', pathNot: '^main/core/$1/' }
    },
    onlyMayImport('tables-import-no-code-of-features', '^main/core/[^/]+/tables\\.ts$', [
      model,
      '^main/storage/ledger/feature-tables\\.ts$'
    ]),
    {
      name: 'tasks-have-one-face',
      comment: 'What a kind of prediction says (metrics, curves, panels) is asked through tasks/index.ts of the side.',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: [tests, '^(main/model|main/core|renderer)/tasks/'] },
      to: { path: '^(main/model|main/core|renderer)/tasks/', pathNot: '/tasks/index\\.tsx?$' }
    },
    onlyMayImport(
      'hosts-import-core-contract-wire-model',
      '^main/(host|cli|tracking)/',
      [
        '^main/(host|cli|tracking|core)/',
        '^main/storage/objects/durable-files\\.ts$',
        offline,
        contract,
        wire,
        model,
        '^resources/',
        '^package\\.json$',
        anyNpm
      ],
      { builtins: true }
    ),
    {
      name: 'hosts-know-no-electron',
      severity: 'error',
      from: { path: '^main/(host|cli|tracking|workers)/', pathNot: tests },
      to: { path: [...electron, '^renderer/', '^main/app/'] }
    },
    onlyMayImport(
      'shell-imports-electron-contract-wire',
      '^main/(app/|index\\.ts$)',
      ['^main/app/', offline, contract, wire, '^main/model/(place|printed-page|reference)\\.ts$', ...electron, ...npm('zod')],
      { builtins: true }
    ),
    onlyMayImport('preload-imports-electron-and-wire', '^preload/index\\.ts$', [wire, ...electron]),
    onlyMayImport('workers-import-core-and-model', '^main/workers/', ['^main/(workers|core|storage)/', offline, model, anyNpm], {
      builtins: true
    }),
    onlyMayImport('renderer-imports-contract-wire-model', '^renderer/', ['^renderer/', contract, wire, model, anyNpm]),
    onlyMayImport('ui-is-the-design-system', '^renderer/ui/', ['^renderer/ui/', '^main/model/errors\\.ts$', anyNpm], {
      comment: 'The design system knows controls, not the domain; what knows runs, gates or models is renderer/evidence.'
    }),
    onlyMayImport('evidence-knows-no-area', '^renderer/evidence/', ['^renderer/(evidence|charts|host|ui)/', contract, model, anyNpm]),
    {
      name: 'evidence-is-for-areas',
      comment: 'Areas and their tasks show evidence, through its index.ts; charts, host and ui do without.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: [tests, '^renderer/evidence/'] },
      to: { path: '^renderer/evidence/', pathNot: '^renderer/evidence/index\\.ts$' }
    },
    {
      name: 'charts-and-host-know-no-evidence',
      severity: 'error',
      from: { path: '^renderer/(charts|host)/', pathNot: tests },
      to: { path: '^renderer/(evidence|features|tasks|app)/' }
    },
    {
      name: 'renderer-knows-no-electron-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: { path: electron }
    },
    {
      name: 'renderer-uses-no-node-modules-of-the-runtime',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: { dependencyTypes: [builtin] }
    },
    onlyMayImport('areas-know-no-area', '^renderer/areas/', ['^renderer/(areas|ui)/', anyNpm], {
      comment: 'What an area is; only renderer/app knows which there are.'
    }),
    {
      name: 'renderer-features-do-not-meet',
      comment: 'renderer/app composes features; a feature never imports another.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: tests },
      to: { path: ['^renderer/features/([^/]+)/', '^renderer/app/'], pathNot: '^renderer/features/$1/' }
    },
    {
      name: 'tests-stay-out-of-the-program',
      severity: 'error',
      from: { path: '^(main|preload|renderer)/', pathNot: tests },
      to: { path: [tests, '^e2e/', '^scripts/'] }
    }
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['\\.css$'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] }
  }
}
