import type { Finding, FindingArea, WayBack } from '../../model/recovery'

/** How many findings of one kind are told one by one. */
const LIMIT = 50

/** What a check found so far; of many alike the first are told and the rest counted. */
export interface Findings {
  damage(area: FindingArea, subject: string, message: string, way: WayBack): void
  note(area: FindingArea, subject: string, message: string): void
  all(): Finding[]
}

export function createFindings(): Findings {
  const found: Finding[] = []
  const counts = new Map<string, { told: Finding; left: number }>()
  const add = (finding: Finding): void => {
    const key = `${finding.area} ${finding.severity} ${finding.way}`
    const count = found.filter((each) => `${each.area} ${each.severity} ${each.way}` === key).length
    if (count < LIMIT) found.push(finding)
    else counts.set(key, { told: finding, left: (counts.get(key)?.left ?? 0) + 1 })
  }
  return {
    damage: (area, subject, message, way) => add({ area, severity: 'damage', subject, message, way }),
    note: (area, subject, message) => add({ area, severity: 'note', subject, message, way: 'none' }),
    all: () => [
      ...found,
      ...[...counts.values()].map(({ told, left }) => ({
        ...told,
        subject: `${left} more`,
        message: `${left} more findings of the same kind.`
      }))
    ]
  }
}
