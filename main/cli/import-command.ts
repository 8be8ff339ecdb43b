import { resolve } from 'node:path'
import { commands } from '../core/all-commands'
import type { ImportOptions, ImportResult } from '../model/dataset'
import { foldName } from '../model/person-name'
import { takeOver } from './acting'
import type { CommandBody, CommandContext, Given } from './command'
import { assertOptionsApply, namingOptions, readImportOptions } from './read-import-options'
import { describeImport, describePreview, importDocument } from './say-import'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** Progress at most twice a second, for people. */
export function progressNotes({ output }: CommandContext): (progress: { fraction: number | null; message: string }) => void {
  let shown = 0
  return ({ fraction, message }) => {
    if (Date.now() - shown < 500) return
    shown = Date.now()
    output.note(`${fraction === null ? '' : `[${Math.round(fraction * 100)}%] `}${message}`)
  }
}

/** Imports a file into the open workspace with what the options of the command line say about it. */
export async function importFile(
  context: CommandContext,
  workspace: WorkspaceClient,
  file: string,
  given: Given,
  options: ImportOptions
): Promise<ImportResult> {
  const { name: _name, metadata: _metadata, ...choices } = options
  const path = resolve(file)
  return namingOptions(given, choices, async () => {
    await assertOptionsApply(given, () => workspace.datasets.previewImport({ path, choices }, { signal: context.signal }))
    return workspace.do(commands.datasets.import, { path, options }, { signal: context.signal, onProgress: progressNotes(context) })
  })
}

/** `import`. */
export const importData: CommandBody = (context, [file], given) =>
  inWorkspace(context, given.workspace, async (workspace) => {
    // Formats had the option before people did.
    const named = foldName(String(given.as ?? ''))
    const person = (await workspace.people.list({})).find(({ name }) => foldName(name) === named)
    if (person) await takeOver(workspace, person.name, { session: true, signal: context.signal })
    const options = readImportOptions(person ? { ...given, as: undefined } : given, file)
    if (given.preview === true) {
      const { name: _name, metadata: _metadata, ...choices } = options
      const path = resolve(file)
      const preview = await namingOptions(given, choices, () =>
        workspace.datasets.previewImport({ path, choices }, { signal: context.signal })
      )
      await assertOptionsApply(given, async () => preview)
      context.output.result(preview, describePreview(preview))
      return
    }
    const result = await importFile(context, workspace, file, given, options)
    const misfits = await workspace.datasets.misfits({ ref: result.version.ref, limit: 20 })
    context.output.result(importDocument(result, misfits), describeImport(result))
  })
