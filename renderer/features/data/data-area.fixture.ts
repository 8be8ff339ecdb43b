import type { ImportPreview } from '../../../main/model/dataset'
import type { SomeHandlers } from '../../host/testing'
import { sampleTime } from '../../../main/testing/sample-datasets'

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
  problems: [{ severity: 'warning', title: '1 row does not parse', detail: 'It would be left out.', column: null, line: null }],
  rules: [],
  offers: [],
  misfits: { cells: 0, rows: 0, columns: [] }
})

/** Handlers of a workspace that is open, with these of its datasets. */
export const base = (datasets: SomeHandlers['datasets']): SomeHandlers => ({
  workspace: {
    status: () => ({
      workspace: {
        format: 'drydock.workspace',
        version: 1,
        id: 'w1',
        name: 'W',
        directory: '/w',
        createdAt: sampleTime,
        sample: false,
        restricted: false
      }
    })
  },
  quality: { list: () => [] },
  pipelines: { runReports: () => [] },
  datasets
})
