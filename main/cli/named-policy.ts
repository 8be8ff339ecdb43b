import { WorkbenchError } from '../model/errors'
import { didYouMean } from '../model/near-names'
import type { PolicyVersion } from '../model/policy'
import { contentReference, parseNamed, type Sha256 } from '../model/reference'
import type { WorkspaceClient } from './workspace-client'

/** A saved text of a policy, and all that there are under its name, the newest first. */
export interface NamedPolicy {
  name: string
  sha256: Sha256
  reference: string
  versions: PolicyVersion[]
}

/**
 * The text in force of a policy, or that of `name@version`, the version by its beginning.
 * @throws WorkbenchError NOT_FOUND with what there is
 */
export async function policyNamed({ policies }: Pick<WorkspaceClient, 'policies'>, given: string): Promise<NamedPolicy> {
  const { name = given, version = null } = parseNamed('policy', given) ?? {}
  const all = (await policies.list({})).map((policy) => policy.name)
  if (!all.includes(name))
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no policy "${name}" in this workspace.${didYouMean(name, all)} "drydock policy list" shows all of them; "drydock policy add" saves one.`
    )
  const versions = await policies.versions({ name })
  const found = versions.filter(({ sha256, current }) => (version === null ? current : sha256.startsWith(version)))
  if (found.length === 1) {
    const [{ sha256 }] = found
    return { name, sha256, reference: contentReference('policy', name, sha256), versions }
  }
  throw new WorkbenchError(
    'NOT_FOUND',
    `${found.length === 0 ? `"${name}" has no version ${version}` : `"${version}" begins several versions of "${name}"`}. There are: ${versions
      .slice(0, 10)
      .map(({ sha256, savedAt }) => `${sha256.slice(0, 8)} of ${savedAt}`)
      .join(', ')}. Name one of them by its beginning.`
  )
}
