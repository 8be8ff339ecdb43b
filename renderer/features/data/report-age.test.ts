import { expect, it } from 'vitest'
import type { ColumnRole, KnownWhen } from '../../../main/model/dataset'
import type { QualityReportDetail } from '../../../main/model/quality'
import { Sha256 } from '../../../main/model/reference'
import { datasetColumn, datasetDetail } from '../../../main/testing/sample-datasets'
import { whyOutdated } from './report-age'

const detail = datasetDetail('strikes')
const other = Sha256.parse('b'.repeat(64))
const column = (name: string, role: ColumnRole, knownWhen: KnownWhen = 'before') => ({ ...datasetColumn(name), role, knownWhen })
type Columns = ReturnType<typeof column>[]
const report = (then: Columns, target?: string, sha256 = detail.version.sha256) =>
  ({ sha256, profile: { columns: then }, options: target ? { target: { column: target } } : {} }) as unknown as QualityReportDetail
const at = (now: Columns) => ({ ...detail, version: { ...detail.version, columns: now } })

it('says of a report about an older version that the dataset has changed since', () => {
  const versions = [{ ...detail.versions[0]!, sha256: other, number: 1 }]
  const now = { ...detail, version: { ...detail.version, number: 2 }, versions }
  expect(whyOutdated(report([], undefined, other), now)).toBe('This report is about version 1 of "strikes"; the dataset has changed since.')
  const back = { ...now, version: { ...detail.version, number: 1 }, versions: [{ ...versions[0]!, number: 2 }] }
  expect(whyOutdated(report([], undefined, other), back)).toContain('version 2 of "strikes"; version 1 is shown and has not been checked.')
})

it('names the columns whose role or time changed since the check', () => {
  const then = [column('fee', 'feature'), column('site', 'feature'), column('ill', 'feature')]
  expect(whyOutdated(report(then), at(then))).toBeNull()
  expect(whyOutdated(report(then), at([column('fee', 'feature', 'after'), column('site', 'group'), column('ill', 'feature')]))).toContain(
    'role or known of "fee" and "site" have changed since.'
  )
})

it('is still good when the target that was asked for got its role, and not when another one is meant', () => {
  const then = [column('fee', 'target', 'after'), column('ill', 'feature')]
  const now = [column('fee', 'ignored', 'after'), column('ill', 'target', 'after')]
  expect(whyOutdated(report(then, 'ill'), at(now))).toBeNull()
  expect(whyOutdated(report(then), at(now))).toContain('role or known of "fee" and "ill" have changed since.')
})
