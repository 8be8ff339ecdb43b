import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { parseNamed } from '../model/reference'
import { ModelStage, type ModelVersion } from '../model/registry'
import type { WorkspaceClient } from './workspace-client'

/** `in-review` is the stage as it is typed. */
const stageNamed = (word: string): ModelStage | undefined => {
  const stage = ModelStage.safeParse(word.replace('-', ' '))
  return stage.success ? stage.data : undefined
}

/**
 * The version of `name@2`, the newest of a stage such as `name@released`, or the newest of `name`.
 * @throws WorkbenchError INVALID_INPUT for what is no such reference, NOT_FOUND with what there is
 */
export async function modelNamed({ models }: Pick<WorkspaceClient, 'models'>, given: string): Promise<ModelVersion> {
  const { name, version = null } = parseNamed('model', given) ?? {}
  const stage = version === null ? undefined : stageNamed(version)
  if (name === undefined || (version !== null && !stage && !/^[1-9]\d{0,8}$/.test(version)))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${given}" names no model. Write NAME, NAME@VERSION such as strike-damage@1, or NAME@STAGE such as strike-damage@released.`
    )
  const registered = await models.list({})
  const known = registered.find((model) => model.name === name)
  if (!known)
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no model "${name}" in this workspace.${didYouMean(
        name,
        registered.map((model) => model.name)
      )} "drydock model list" says what is registered.`
    )
  if (version === null) return known.latest
  const versions = await models.versions({ name })
  // Newest first.
  const found = versions.find((each) => (stage ? each.stage === stage : each.version === Number(version)))
  if (found) return found
  if (stage)
    throw new WorkbenchError(
      'NOT_FOUND',
      `No version of "${name}" is ${stage}. There are ${versions.map((each) => `${each.version} (${each.stage})`).join(', ')}. Name one of these.`
    )
  throw new WorkbenchError(
    'NOT_FOUND',
    `The model "${name}" has no version ${version}. It has ${versions.map((each) => each.version).join(', ')}. Give one of these, or the name alone for the newest.`
  )
}

export const nameOf = ({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string => `${name}@${version}`
