import { promises as fs } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { PortType } from '../../model/pipeline'
import { isIntact, rememberDigest } from '../../storage/objects/digest-check'
import { makeFolder, renameDurably, sha256File } from '../../storage/objects/durable-files'
import type { WorkspaceContext } from '../workspace/context'
import type { Sha256, PipelineRunId } from '../../model/reference'

export const isTable = (type: PortType | string): boolean => type === 'Table' || type === 'FeatureSet'

/** Where an output lies: tables in data/, everything else in objects/. */
export function pathOfOutput(context: Pick<WorkspaceContext, 'directory' | 'objects'>, output: { type: string; sha256: Sha256 }): string {
  return isTable(output.type) ? join(context.directory, 'data', `${output.sha256}.arrow`) : context.objects.pathOf(output.sha256)
}

/**
 * Takes a finished file of an attempt into the content store: hashed here, after every process of the attempt is gone, so that nothing
 * writes to it any more; then fsync, rename, fsync of the folder. A whole file that is there already stays. `folder` is the attempt's:
 * what lies elsewhere, reached over a link, is not the step's to give away.
 */
export async function takeIn(
  context: Pick<WorkspaceContext, 'directory' | 'objects'>,
  folder: string,
  file: { type: string; path: string; expected?: string }
): Promise<{ sha256: Sha256; size: number }> {
  const about = await fs.lstat(file.path)
  if (!about.isFile()) throw new WorkbenchError('JOB_FAILED', `The output "${file.path}" is not a file. A step writes plain files.`)
  const own = join(await fs.realpath(dirname(folder)), basename(folder)) + sep
  if (!(await fs.realpath(file.path)).startsWith(own))
    throw new WorkbenchError(
      'FORBIDDEN',
      `The output "${basename(file.path)}" lies outside the attempt's folder, behind a link. A step writes its outputs itself: let it copy the file.`
    )
  // A second name of a file that somebody else has would change with it; the store keeps bytes that are its own.
  const path = about.nlink > 1 ? await copyBeside(file.path) : file.path
  const sha256 = await sha256File(path)
  if (file.expected !== undefined && file.expected !== sha256)
    throw new WorkbenchError(
      'DIGEST_MISMATCH',
      'An output changed while the step ended. A process of the step was still writing; let the step wait for its children.'
    )
  const target = pathOfOutput(context, { type: file.type, sha256 })
  if (!(await isIntact(target, sha256))) {
    await makeFolder(dirname(target))
    await fs.chmod(path, 0o444)
    await renameDurably(path, target)
    await rememberDigest(target, sha256)
  }
  return { sha256, size: about.size }
}

async function copyBeside(path: string): Promise<string> {
  const copy = `${path}.copy`
  await fs.copyFile(path, copy)
  return copy
}

export const attemptDirectory = (directory: string, runId: PipelineRunId, stepId: string, attempt: number): string =>
  join(directory, 'tmp', `${runId}.${stepId}.${attempt}`)
export const attemptLog = (directory: string, runId: PipelineRunId, stepId: string, attempt: number): string =>
  join(directory, 'runs', runId, `${stepId}.${attempt}.log`)

/**
 * Removes a folder that a step wrote into. Programs leave folders without write permission behind (package caches do); those are opened
 * first. False when something of it could not be removed.
 */
export async function removeFolder(path: string): Promise<boolean> {
  const remove = (): Promise<boolean> =>
    fs.rm(path, { recursive: true, force: true, maxRetries: 3 }).then(
      () => true,
      () => false
    )
  if (await remove()) return true
  await openFolders(path)
  return remove()
}

async function openFolders(path: string): Promise<void> {
  try {
    if (!(await fs.lstat(path)).isDirectory()) return
    await fs.chmod(path, 0o700)
    for (const name of await fs.readdir(path)) await openFolders(join(path, name))
  } catch {
    // Somebody else's: it stays, and the caller says so.
  }
}
