import { basename, resolve } from 'node:path'
import { runSample } from '../core/sample'
import type { AddCommand } from './program'

export const addWorkspaceCommands = (add: AddCommand): void => {
  add(
    'init',
    'create a workspace in a new or empty folder',
    (c) => c.argument('<dir>', 'the folder').option('--name <name>', 'name of the workspace'),
    async ({ app, output }, [directory], options) => {
      const workspace = await app.createWorkspace(resolve(directory), String(options.name ?? basename(resolve(directory))))
      output.result(workspace, `Created the workspace "${workspace.name}" in ${workspace.directory}`)
    }
  )
  add(
    'sample',
    'create the sample workspace and run the whole job in it',
    (c) => c.argument('<dir>', 'a new or empty folder, or an existing sample'),
    async ({ app, output, signal }, [directory]) => {
      const steps = runSample(app, resolve(directory), { signal })
      let step = await steps.next()
      while (!step.done) {
        const { title, detail } = step.value
        output.note(`[${String(Math.round(step.value.fraction * 100)).padStart(3)}%] ${title}${detail ? `: ${detail}` : ''}`)
        step = await steps.next()
      }
      const result = step.value
      const figures = Object.entries(result.figures).map(([name, value]) => `  ${name.padEnd(20)} ${Number(value.toPrecision(4))}`)
      output.result(
        result,
        [
          `Done in ${result.seconds.toFixed(1)} s. People in this workspace are demo identities.`,
          ...figures,
          `  quality report       ${result.report}`,
          `  signed bundle        ${result.bundle}`,
          `  signer's public key  ${result.publicKey}`,
          '',
          `Verify it: drydock verify "${result.bundle}" --key "${result.publicKey}"`
        ].join('\n')
      )
    }
  )
}
