import type { Baseline } from '../../model/baseline'
import type { DatasetDetail } from '../../model/dataset'
import { leakageOf, type Learned } from '../policies'
import type { Quality } from '../quality'

/** A report is read whole; a report of the outcome at hand is among the newest. */
const MOST_REPORTS = 20

/** What the newest quality report of a version that looked for leaks of this outcome in these columns found; null where none did. */
export async function leaksKnown(
  { name, version }: Pick<DatasetDetail, 'name' | 'version'>,
  learned: Learned,
  quality: Pick<Quality, 'list' | 'get'>
): Promise<Baseline['leaks']> {
  const ofVersion = quality.list({ dataset: name }).filter((each) => each.sha256 === version.sha256)
  for (const { id } of ofVersion.slice(0, MOST_REPORTS)) {
    const leakage = leakageOf((await quality.get(id)).report, learned)
    if ('findings' in leakage)
      return { report: id, findings: leakage.behind.map(({ columns, title, severity }) => ({ columns, title, severity })) }
  }
  return null
}
