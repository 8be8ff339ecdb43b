import { commands } from '../core/all-commands'
import type { CommandBody } from './command'
import { modelNamed, nameOf } from './named-model'
import { documentLines, documentsWanted, sayDocuments } from './saved-documents'
import { inWorkspace } from './workspace-client'

/** `model card`: the card of a version as it would be exported now. */
export const writeCard: CommandBody = async (context, [model], given) => {
  const places = documentsWanted(given)
  await inWorkspace(context, given.workspace, async (workspace) => {
    const named = await modelNamed(workspace, model)
    const { name, version } = named
    const saved = await workspace.do(commands.bundles.saveCard, { name, version, ...places }, { signal: context.signal })
    sayDocuments(context, saved)
    context.output.result({ model: nameOf(named), ...saved }, documentLines(saved))
  })
}
