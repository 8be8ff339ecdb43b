import { promises as fs } from 'node:fs'
import { dirname, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { PortType } from '../../model/pipeline'
import { isIntact, rememberDigest } from '../../storage/objects/digest-check'
import { renameDurably, sha256File } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace/context'

export const isTable = (type: PortType | string): boolean => type === 'Table' || type === 'FeatureSet'

/** Where an output lies: tables in data/, everything else in objects/. */
export function pathOfOutput(context: Pick<WorkspaceContext, 'directory' | 'objects'>, output: { type: string; sha256: string }): string {
  return isTable(output.type) ? join(context.directory, 'data', `${output.sha256}.arrow`) : context.objects.pathOf(output.sha256)
}

/**
 * Takes a finished file into the content store: hashed here, after every process of the attempt is gone, so that nothing writes to it
 * any more; then fsync, rename, fsync of the folder. A whole file that is there already stays.
 */
export async function takeIn(
  context: Pick<WorkspaceContext, 'directory' | 'objects'>,
  file: { type: string; path: string; expected?: string }
): Promise<{ sha256: string; size: number }> {
  const about = await fs.lstat(file.path)
  if (!about.isFile()) throw new WorkbenchError('JOB_FAILED', `The output "${file.path}" is not a file. A step writes plain files.`)
  const sha256 = await sha256File(file.path)
  if (file.expected !== undefined && file.expected !== sha256)
    throw new WorkbenchError(
      'DIGEST_MISMATCH',
      'An output changed while the step ended. A process of the step was still writing; let the step wait for its children.'
    )
  const target = pathOfOutput(context, { type: file.type, sha256 })
  if (!(await isIntact(target, sha256))) {
    await fs.mkdir(dirname(target), { recursive: true })
    await fs.chmod(file.path, 0o444)
    await renameDurably(file.path, target)
    await rememberDigest(target, sha256)
  }
  return { sha256, size: about.size }
}

export const attemptDirectory = (directory: string, runId: string, stepId: string, attempt: number): string =>
  join(directory, 'tmp', `${runId}.${stepId}.${attempt}`)
export const attemptLog = (directory: string, runId: string, stepId: string, attempt: number): string =>
  join(directory, 'runs', runId, `${stepId}.${attempt}.log`)
