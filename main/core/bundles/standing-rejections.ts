import type { ExportedBundle, StandingRejection } from '../../model/commands/bundles'
import type { Person, PersonKey } from '../../model/workspace'
import { judgeDecisions, standingRejection } from '../bundle-format'
import type { People } from '../people'
import type { HeldDecision } from './kept-decisions'
import { everybodyHere } from './kept-people'
import { aboutExport } from './take-decisions'

/**
 * What people of the workspace reject, over all exports of one version together, oldest first. A rejection counts also when its file is gone, for the
 * record names only what held, and when its key was retired or its signer left since; an approval lifts it only when it was signed before that.
 */
export async function findStandingRejections(
  held: readonly HeldDecision[],
  exports: readonly ExportedBundle[],
  people: Pick<People, 'holderOf' | 'list'>
): Promise<StandingRejection[]> {
  const read = await readHeld(held, exports, people)
  const ofPerson = new Map<string, ReturnType<typeof decided>[]>()
  for (const each of held) {
    const holder = people.holderOf(each.known.keyFingerprint)
    if (!holder || isTooLate(each, holder)) continue
    const found = read.get(each.known.sha256)
    ofPerson.set(holder.person.id, [...(ofPerson.get(holder.person.id) ?? []), decided(each, holder.person, found)])
  }
  const standing = [...ofPerson.values()].flatMap((all) => standingRejection(all) ?? [])
  return standing
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .map(({ person: { name, leftAt }, time, statement, fingerprint }) => ({
      ...{ person: name, at: time, statement, fingerprint },
      ...(leftAt !== undefined && { left: true as const })
    }))
}

type Read = Awaited<ReturnType<typeof judgeDecisions>>['found'][number]

/** What stands in the files that are there, by their digests. */
async function readHeld(
  held: readonly HeldDecision[],
  exports: readonly ExportedBundle[],
  people: Pick<People, 'holderOf' | 'list'>
): Promise<Map<string, Read>> {
  const trust = { document: everybodyHere(people.list()) }
  const read = new Map<string, Read>()
  for (const bundle of exports) {
    const files = held.flatMap(({ bundle: of, file, bytes }) => (of === bundle.signatureSha256 && bytes ? [{ file, bytes }] : []))
    const { found } = await judgeDecisions(files, aboutExport(bundle, people), trust)
    for (const each of found) read.set(each.known.sha256, each)
  }
  return read
}

const decided = ({ known }: HeldDecision, person: Person, read: Read | undefined) => ({
  ...{ sha256: known.sha256, decision: known.decision, time: known.time, fingerprint: known.keyFingerprint, person },
  statement: read?.statement ?? null,
  knows: read?.knows ?? new Set<string>()
})

/** An approval from after its key was retired or its signer had left, by the clock that signed it. */
const isTooLate = ({ known }: HeldDecision, { person, key }: { person: Person; key: PersonKey }): boolean =>
  known.decision === 'approve' && [person.leftAt, key.retiredAt].some((end) => end !== undefined && known.time > end)
