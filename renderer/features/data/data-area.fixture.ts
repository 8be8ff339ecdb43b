import type { DatasetDetail, DatasetSummary, ImportPreview } from '../../../main/model/dataset'
import type { SomeHandlers } from '../../host/testing'
import { DatasetId, Sha256, datasetReference } from '../../../main/model/reference'
import { uuidOf } from '../../../main/testing/sample-runs'

export const sha256 = Sha256.parse('a'.repeat(64))
export const at = '2026-03-01T10:00:00.000Z'

export const summary = (name: string): DatasetSummary => ({
  id: DatasetId.parse(uuidOf(name.slice(0, 6))),
  name,
  owner: null,
  tags: [],
  licence: null,
  sensitivity: 'internal',
  description: '',
  createdAt: at,
  updatedAt: at,
  trashedAt: null,
  versionCount: 1,
  latest: {
    sha256,
    ref: datasetReference({ name, sha256 }),
    number: 1,
    rows: 3,
    bytes: 2048,
    source: null,
    badRows: 1,
    createdAt: at,
    createdBy: null,
    columnCount: 2
  }
})
export const column = (name: string, role: 'feature' | 'target' = 'feature') => ({
  name,
  type: 'BIGINT',
  kind: 'integer' as const,
  role,
  knownWhen: 'before' as const,
  unit: null,
  description: null
})
export const detail = (name: string): DatasetDetail => {
  const base = summary(name)
  return {
    ...base,
    version: { ...base.latest, columns: [column('size'), column('damage', 'target')], choices: {}, notices: [] },
    versions: [base.latest]
  }
}
export const preview = (path: string): ImportPreview => ({
  path,
  fileName: 'strikes.csv',
  size: 120,
  format: 'csv',
  suggestedName: 'strikes',
  dialect: { delimiter: ',', quote: '"', header: true, encoding: 'utf-8', decimal: '.', skipLines: 0 },
  nullTokens: ['', 'NA'],
  columns: [
    {
      source: 'size',
      name: 'size',
      type: 'BIGINT',
      kind: 'integer',
      importType: 'integer',
      examples: ['1'],
      missing: 0,
      unparsed: 1,
      role: 'feature',
      knownWhen: 'before'
    },
    {
      source: 'cost',
      name: 'cost',
      type: 'BIGINT',
      kind: 'integer',
      importType: 'integer',
      examples: ['2'],
      missing: 0,
      unparsed: 0,
      role: 'feature',
      knownWhen: 'before'
    }
  ],
  rows: [['1', '2']],
  inspectedRows: 1,
  complete: true,
  rowEstimate: 1,
  problems: [
    { severity: 'warning', title: '1 rows do not parse', detail: 'They would go to the bad-row report.', column: null, line: null }
  ]
})

/** Handlers of a workspace that is open, with these of its datasets. */
export const base = (datasets: SomeHandlers['datasets']): SomeHandlers => ({
  workspace: {
    status: () => ({
      workspace: { format: 'drydock.workspace', version: 1, id: 'w1', name: 'W', directory: '/w', createdAt: at, sample: false }
    })
  },
  quality: { list: () => [] },
  datasets
})
