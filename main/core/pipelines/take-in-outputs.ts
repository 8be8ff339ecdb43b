import { promises as fs } from 'node:fs'
import { assertDigest } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace/context'
import type { AttemptResult } from './attempt'
import type { ProducedFile } from './journal'
import type { LiveStep } from './live-run'
import { pathOfOutput, takeIn } from './workspace-files'
import { contentReference } from '../../model/reference'

/** Takes the files that an attempt left in its folder into the content store, outputs and their parts, and names them by digest. */
export async function takeInOutputs(
  context: WorkspaceContext,
  stepId: string,
  directory: string,
  result: Pick<AttemptResult, 'outputs'>
): Promise<ProducedFile[]> {
  const files: ProducedFile[] = []
  for (const output of result.outputs) {
    const base = { port: output.port, type: output.type, rows: output.rows, mediaType: output.mediaType }
    for (const part of output.parts) {
      const stored = await takeIn(context, directory, { type: 'File', path: part.path, expected: part.sha256 })
      files.push({
        ...base,
        ...stored,
        type: 'File',
        rows: null,
        mediaType: 'application/octet-stream',
        part: part.name,
        reference: contentReference('file', part.name, stored.sha256),
        run: null
      })
    }
    const stored = output.existing
      ? { sha256: output.existing, size: (await fs.stat(pathOfOutput(context, { type: output.type, sha256: output.existing }))).size }
      : await takeIn(context, directory, output)
    const reference = contentReference(output.type.toLowerCase(), `${stepId}.${output.port}`, stored.sha256)
    files.push({ ...base, ...stored, part: '', reference, run: null })
  }
  return files
}

/** The outputs of a step that needs no process: what it names is in the content store already. Throws DIGEST_MISMATCH when it was changed there. */
export function inlineOutputs(context: WorkspaceContext, live: LiveStep): Promise<ProducedFile[]> {
  const named = live.definition.inline!(live.parameters as never, live.frozen)
  return Promise.all(
    named.map(async (output) => {
      const path = pathOfOutput(context, output)
      await assertDigest(path, output.sha256, `The ${output.port} of "${live.step.id}" (${output.reference})`)
      return { ...output, part: '', run: null, size: (await fs.stat(path)).size }
    })
  )
}
