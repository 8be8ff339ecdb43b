import { resolve } from 'node:path'
import { describeRecord } from '../model/record'
import { EXIT } from './output'
import type { CommandBody } from './command'
import { inWorkspace } from './workspace-client'

/** `record check`. */
export const checkRecord: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ record }) => {
    const paths = ((options.bundle as string[] | undefined) ?? []).map((path) => resolve(path))
    const state = await record.check({ bundles: paths })
    const told = state.bundles.map(({ path, held, differs }) =>
      differs === null
        ? `${path}: its ${held} entries are the first ${held} here. Up to there nothing was changed or cut off since it was exported.`
        : `${path}: entry ${differs} of its ${held} is another one here, or is missing. The record was changed since, or the bundle is from another workspace.`
    )
    context.output.result(state, [describeRecord(state), ...told])
    return state.intact && state.bundles.every(({ differs }) => differs === null) ? EXIT.done : EXIT.refuted
  })
