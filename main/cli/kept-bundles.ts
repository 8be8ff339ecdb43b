import { basename, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { countOf } from '../model/count-of'
import { decisionNotes } from '../model/decision-notes'
import type { CommandBody } from './command'
import { textTable } from './output'
import { inWorkspace } from './workspace-client'

/** `bundle list`. */
export const listBundles: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ bundles }) => {
    const decided = await bundles.decisions({})
    const items = (await bundles.list({})).map((each) => ({ ...each, decisions: decided.find(({ id }) => id === each.id) ?? null }))
    const table = textTable(
      ['bundle', 'approved by', 'rejected by', 'unknown signers', 'signed by', 'path'],
      items.map(({ model, version, signer, unowned, path, available, decisions }) => [
        `${model}@${version}`,
        decisions?.approvedBy.join('; ') || '-',
        decisions?.rejectedBy.join('; ') || '-',
        String(decisions?.unknown.length ?? 0),
        unowned ? `${signer}, a key that nobody here owns` : signer,
        available ? path : `${path} (moved or deleted)`
      ])
    )
    const notes = items.flatMap(({ model, version, path, decisions }) =>
      decisions ? decisionNotes(decisions).map((note) => `${model}@${version}, ${basename(path)}: ${note}`) : []
    )
    context.output.result({ items, total: items.length }, [...table.split('\n'), ...notes])
  })

/** `bundle take`. */
export const takeDecisions: CommandBody = (context, paths, options) =>
  // Of an argument that may be repeated the positional parameter is a list itself.
  inWorkspace(context, options.workspace, async (workspace) => {
    const taken = await workspace.do(commands.bundles.takeDecisions, { paths: paths.flat().map((path) => resolve(path)) })
    context.output.result(taken, [
      `${countOf(taken.kept, 'decision')} kept, ${taken.known} known before, about ${taken.about.join(', ')}`,
      ...(taken.notKept ? [`not kept: ${taken.notKept.reason}`] : [])
    ])
  })
