import type { StandingRejection } from '../../model/commands/bundles'
import { modelShapes } from '../../model/commands/models'
import { WorkbenchError } from '../../model/errors'
import { foldName } from '../../model/person-name'
import { decidingRole, type ModelStage, type ModelVersion, type ModelVersionDetail } from '../../model/registry'
import { anybody, commandsOn, type Asker, type Rule } from '../commands'
import { assertDecides, type PeopleWriter } from '../people'
import type { ModelsWriter } from './registry'
import { describeChange, gateWord } from '../../model/gate-standing'
import { describeRejection, wayOutOf } from '../../model/rejection-words'
import { printReference, type RunId } from '../../model/reference'

interface On {
  models: ModelsWriter
}
const { change } = commandsOn<On>()
interface Deciding extends On {
  people: PeopleWriter
}
/** What came back about bundles of a version. */
interface Reviewed {
  readonly bundles: { rejections(name: string, version: number): Promise<StandingRejection[]> }
}
const { task: decision } = commandsOn<Deciding & Reviewed>()

/** Who made a model does not approve it, under no name; approving and releasing take the role, and the key that signs the decision. */
const decides: Rule<Deciding & Asker, { name: string; version: number; to: ModelStage }> = {
  name: 'four eyes: who registered or owns a model does not approve it; approving and releasing take an approver with a key',
  assert({ models, people, by }, { name, version, to }) {
    if (to === 'approved') assertFourEyes(models.get(name, version), by, people)
    const role = decidingRole[to]
    if (role) assertDecides(people, role, describeDecision(name, version, to))
  }
}
const describeDecision = (name: string, version: number, to: ModelStage): string => `Making ${name}@${version} ${to}`

/** Where it is not known who made or owns a model, nobody can be shown to be another person. */
function assertFourEyes({ name, version, createdBy, purpose }: ModelVersionDetail, by: string | null, people: PeopleWriter): void {
  const current = people.current()
  const names = new Set((current ? people.namesOf(current.id) : [by ?? nobody]).map(foldName))
  const answerable = [createdBy, purpose.owner].filter((each) => !['', nobody].includes(foldName(each)))
  if (answerable.some((each) => names.has(foldName(each))) || !current)
    throw new WorkbenchError(
      'FORBIDDEN',
      `${by ?? nobody} registered or owns ${name}@${version} and cannot approve it. Another person has to: in the window they take over under Settings, People and keys, on the command line with --as NAME.`
    )
  const here = new Set(people.list().map((each) => foldName(each.name)))
  if (foldName(createdBy) === nobody && !here.has(foldName(purpose.owner)))
    throw new WorkbenchError(
      'FORBIDDEN',
      `Nobody knows who made ${name}@${version}, so ${by ?? nobody} cannot be told apart from its author. Name its owner first, a person of this workspace, in its description or with "drydock model describe --owner".`
    )
}
const nobody = 'unknown person'

/** Whoever approves or releases does not do so over the head of a reviewer. */
function assertNotRejected({ name, version }: ModelVersionDetail, to: ModelStage, rejections: readonly StandingRejection[]): void {
  if (rejections.length === 0) return
  throw new WorkbenchError(
    'POLICY_DENIED',
    `${name}@${version} cannot become ${to}: ${rejections.map(describeRejection).join(' ')} ${wayOutOf(rejections)}`,
    { details: { rejections } }
  )
}

/** Nothing is registered without a gate by oversight. */
const gated: Rule<On, { run: RunId; name: string; withoutGate?: boolean }> = {
  name: 'a gate passed over the run, or a draft without gate is asked for',
  assert({ models }, { run, name, withoutGate }) {
    const gate = models.gateOfRun(run)
    if (withoutGate || gate?.outcome === 'pass') return
    const why = gate
      ? `the gate of the policy "${gate.policy}" over its run says ${gateWord(gate)}${gate.changed ? `: ${describeChange(gate.changed)}` : ''}`
      : 'no gate was held over its run'
    throw new WorkbenchError(
      'POLICY_DENIED',
      `"${name}" was not registered: ${why}. Hold a gate that passes, or ask for a draft without gate: it is marked as one wherever it is shown, and cannot be approved.`
    )
  }
}
const referenceOf = ({ name, version }: { name: string; version: number }): string =>
  printReference({ kind: 'model', name, number: version })

export const modelCommands = {
  register: change({
    ...modelShapes.register,
    name: 'models.register',
    allow: gated,
    event: 'model.registered',
    before: ({ models }, { name, run }) => models.versions(name).some((version) => version.run === run),
    run: ({ models }, request) => models.register(request),
    tell: (made: ModelVersion, _input, isThere) =>
      isThere
        ? null
        : {
            subject: referenceOf(made),
            before: null,
            after: {
              run: made.run,
              model: made.modelSha256,
              stage: made.stage,
              purpose: made.purpose,
              ...(made.withoutGate && { withoutGate: true })
            }
          }
  }),
  setPurpose: change({
    ...modelShapes.setPurpose,
    name: 'models.setPurpose',
    allow: anybody,
    event: 'model.described',
    before: ({ models }, { name, version }) => models.get(name, version).purpose,
    run: ({ models }, { name, version, purpose }) => models.setPurpose(name, version, purpose),
    tell: (made: ModelVersionDetail, _input, before) => ({ subject: referenceOf(made), before, after: made.purpose })
  }),
  setStage: decision({
    ...modelShapes.setStage,
    name: 'models.setStage',
    allow: decides,
    event: 'model.stage',
    before: ({ models }, { name, version }) => ({ stage: models.get(name, version).stage }),
    async work({ models, people, bundles }, { name, version, to, reason }, { commit }) {
      const role = decidingRole[to]
      const rejections = role ? await bundles.rejections(name, version) : []
      return commit(() => {
        const signer = role && assertDecides(people, role, describeDecision(name, version, to))
        const moved = models.setStage(name, version, to, reason, signer)
        // Only now, so that a move that is none or that a gate forbids is told first; the transaction takes it back.
        assertNotRejected(moved, to, rejections)
        return moved
      })
    },
    tell: (made: ModelVersionDetail, { to, reason }, before) => ({
      subject: referenceOf(made),
      before,
      after: { stage: made.stage },
      detail: { to, reason, ...(decidingRole[to] && { key: made.history.at(-1)?.signature?.fingerprint }) }
    })
  })
}
