import { readFileSync } from 'node:fs'
import type { GateSubject } from '../../model/evidence'
import type { PolicyChange } from '../../model/gate-standing'
import { gateReport } from '../../model/policy'
import type { Sha256 } from '../../model/reference'
import type { ContentStore } from '../../storage/objects/content-store'
import type { ChangeOfRun } from './gate-of-run'

/**
 * Says of a changed policy whether it was weakened, as far as that is known: what failed under the one text passed under the other, and both
 * judged the same model, evaluation and quality report. Where the evidence is another, or no report names it, nobody can say.
 */
export function judgeChange(objects: Pick<ContentStore, 'pathOf'>, { reports, ...change }: ChangeOfRun): PolicyChange {
  const evidenceOf = (report: Sha256): string | null => {
    const subject = subjectOf(objects, report)
    return subject && [subject.model, subject.manifest, subject.evaluation, subject.quality].join(' ')
  }
  const before = change.was === 'failed' ? evidenceOf(reports.before) : null
  return { ...change, weakened: before !== null && before === evidenceOf(reports.after) }
}

/** A report that is lost or cannot be read is none that names its evidence. */
function subjectOf(objects: Pick<ContentStore, 'pathOf'>, report: Sha256): GateSubject | null {
  try {
    return gateReport.parse(JSON.parse(readFileSync(objects.pathOf(report), 'utf8'))).subject
  } catch {
    return null
  }
}
