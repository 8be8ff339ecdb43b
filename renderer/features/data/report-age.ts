import type { DatasetColumn, DatasetDetail } from '../../../main/model/dataset'
import type { QualityReportDetail } from '../../../main/model/quality'

type Declared = Pick<DatasetColumn, 'name' | 'role' | 'knownWhen'>

const NAMED = 3

/** Why a report does not say how the version shown stands now: it is about another one, or roles have changed since; null for one that does. */
export function whyOutdated({ sha256, profile, options }: QualityReportDetail, { name, version, versions }: DatasetDetail): string | null {
  if (sha256 !== version.sha256) {
    const about = versions.find((each) => each.sha256 === sha256)
    const which = about ? `version ${about.number} of "${name}"` : `another version of "${name}"`
    const isOlder = !about || about.number < version.number
    return `This report is about ${which}; ${isOlder ? 'the dataset has changed since' : `version ${version.number} is shown and has not been checked`}.`
  }
  const changed = changedColumns(profile.columns, version.columns, options.target?.column)
  if (changed.length === 0) return null
  const more = changed.length - NAMED
  const columns = changed.slice(0, NAMED).map((each) => `"${each}"`)
  const named = more > 0 ? `${columns.join(', ')} and ${more} more` : columns.join(' and ')
  return `This report is about version ${version.number} of "${name}" as its columns were declared then; role or known of ${named} ${changed.length === 1 ? 'has' : 'have'} changed since.`
}

/** Columns that a check would take for something else today. A check that was asked for a target gives it that role itself, and takes it from others. */
function changedColumns(then: readonly Declared[], now: readonly Declared[], target: string | undefined): string[] {
  const meant = ({ name, role, knownWhen }: Declared): string => {
    if (name === target || (target === undefined && role === 'target')) return 'target'
    return `${role === 'target' ? 'ignored' : role} ${knownWhen}`
  }
  const former = new Map(then.map((column) => [column.name, meant(column)]))
  return now.filter((column) => former.get(column.name) !== meant(column)).map(({ name }) => name)
}
