import { resolve } from 'node:path'
import { compareWithBundle } from '../core/bundles'
import { describeRecord } from '../model/record'
import { EXIT } from './output'
import { withWorkspace, type AddCommand, type CommandGroup } from './command'

const addRecordCommands = (add: AddCommand): void => {
  add(
    'record check',
    'recompute the record of who did what, and hold it against the record in bundles',
    (c) =>
      c
        .requiredOption('-w, --workspace <dir>', 'the workspace')
        .option('--bundle <path...>', 'a bundle that was exported from this workspace and kept elsewhere'),
    (context, _positional, options) =>
      withWorkspace(context, options.workspace, async ({ audit }) => {
        const state = audit.state()
        const chain = audit.chain()
        const paths = ((options.bundle as string[] | undefined) ?? []).map((path) => resolve(path))
        const bundles = await Promise.all(paths.map(async (path) => ({ path, ...(await compareWithBundle(path, chain)) })))
        const told = bundles.map(({ path, held, differs }) =>
          differs === null
            ? `${path}: its ${held} entries are the first ${held} here. Up to there nothing was changed or cut off since it was exported.`
            : `${path}: entry ${differs} of its ${held} is another one here, or is missing. The record was changed since, or the bundle is from another workspace.`
        )
        context.output.result({ ...state, bundles }, [describeRecord(state), ...told].join('\n'))
        return state.intact && bundles.every(({ differs }) => differs === null) ? EXIT.done : EXIT.refuted
      })
  )
}

export const recordCommands: CommandGroup = {
  place: 6,
  nouns: { record: 'who did what in a workspace' },
  add: addRecordCommands
}
