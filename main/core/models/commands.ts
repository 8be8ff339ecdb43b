import { modelShapes } from '../../model/commands/models'
import { WorkbenchError } from '../../model/errors'
import type { ModelStage, ModelVersion, ModelVersionDetail } from '../../model/registry'
import { anybody, commandsOn, type Asker, type Rule } from '../commands'
import type { ModelsWriter } from './registry'
import { describeChange, gateWord } from '../../model/gate-standing'
import { printReference, type RunId } from '../../model/reference'

interface On {
  models: ModelsWriter
}
const { change } = commandsOn<On>()

/** Who made a model does not approve it. */
const fourEyes: Rule<On & Asker, { name: string; version: number; to: ModelStage }> = {
  name: 'four eyes: who registered or owns a model does not approve it',
  assert({ models, by }, { name, version, to }) {
    if (to !== 'approved') return
    const asker = by ?? 'unknown person'
    const { createdBy, purpose } = models.get(name, version)
    if (asker !== createdBy && asker !== purpose.owner) return
    throw new WorkbenchError(
      'FORBIDDEN',
      `${asker} registered or owns ${name}@${version} and cannot approve it. Another person has to: choose who you are under Settings, People and keys.`
    )
  }
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
  setStage: change({
    ...modelShapes.setStage,
    name: 'models.setStage',
    allow: fourEyes,
    event: 'model.stage',
    before: ({ models }, { name, version }) => ({ stage: models.get(name, version).stage }),
    run: ({ models }, { name, version, to, reason }) => models.setStage(name, version, to, reason),
    tell: (made: ModelVersionDetail, { to, reason }, before) => ({
      subject: referenceOf(made),
      before,
      after: { stage: made.stage },
      detail: { to, reason }
    })
  })
}
