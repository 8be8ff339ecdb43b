import type { Audit } from '../audit'
import { weighDecisions, type LeftOut, type Room } from '../bundle-format'
import { recordedDecisions, withoutKnown, type Gathered, type HeldDecision } from './kept-decisions'

/** Holds decisions that were found against those that the record of the workspace names. */
export function createDecisionRoom(audit: Pick<Audit, 'ofEvents'>, room: Room) {
  const recordedOf = (held: readonly HeldDecision[]) => recordedDecisions(audit, new Set(held.map(({ bundle }) => bundle)))
  /** Those that the record does not name yet. */
  const unrecorded = (held: readonly HeldDecision[]): HeldDecision[] => {
    const known = new Set(recordedOf(held).map((each) => each.sha256))
    return held.filter((each) => !known.has(each.known.sha256))
  }
  /** What there is room for about each bundle, beside what is recorded of it, which stays. */
  const fitting = ({ held, left }: { held: readonly HeldDecision[]; left: readonly LeftOut[] }): Gathered => {
    const fresh = new Set(unrecorded(held))
    const recorded = recordedOf(held).map(({ bundle, ...known }) => ({ bundle, known }))
    const leftOut = [...new Set(held.map(({ bundle }) => bundle))].map((about) => {
      const ofBundle = [...recorded, ...fresh].filter(({ bundle }) => bundle === about)
      return weighDecisions(ofBundle, room).leftOut
    })
    const out = withoutKnown([...left, ...leftOut], recorded)
    return { held: held.filter(({ known }) => !out.has(known.sha256)), leftOut: out }
  }
  return { unrecorded, fitting }
}
