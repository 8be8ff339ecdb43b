import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import { parseNamed } from '../model/reference'
import type { ModelVersion } from '../model/registry'
import type { WorkspaceClient } from './workspace-client'

/**
 * The version of `name@2`, or the newest of `name`.
 * @throws WorkbenchError INVALID_INPUT for what is no such reference, NOT_FOUND with what there is
 */
export async function modelNamed({ models }: Pick<WorkspaceClient, 'models'>, given: string): Promise<ModelVersion> {
  const { name, version = null } = parseNamed('model', given) ?? {}
  if (name === undefined || (version !== null && !/^[1-9]\d{0,8}$/.test(version)))
    throw new WorkbenchError('INVALID_INPUT', `"${given}" names no model. Write NAME, or NAME@VERSION such as strike-damage@1.`)
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
  const found = versions.find((each) => each.version === Number(version))
  if (found) return found
  throw new WorkbenchError(
    'NOT_FOUND',
    `The model "${name}" has no version ${version}. It has ${versions.map((each) => each.version).join(', ')}. Give one of these, or the name alone for the newest.`
  )
}

export const nameOf = ({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string => `${name}@${version}`
