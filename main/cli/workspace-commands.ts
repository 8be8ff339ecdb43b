import { basename, resolve } from 'node:path'
import { runSample } from '../core/sample'
import { isBound, METRICS, type MetricDefinition } from '../model/tasks'
import type { AddCommand, CommandGroup } from './command'
import { ownCommand } from './own-command'

/** A figure with its unit, for people. */
function describeFigure(value: number, unit: MetricDefinition['unit']): string {
  if (unit === 'seconds') return value < 0.1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`
  if (unit === 'bytes') return `${(value / 2 ** 20).toFixed(1)} MiB`
  if (unit === 'rows/s') return `${Math.round(value)} rows/s`
  return value.toFixed(4)
}

const addWorkspaceCommands = (add: AddCommand): void => {
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
      // A bound stands with its figure, as an end of the interval.
      const figures = METRICS.filter(({ key }) => key in result.figures && !isBound(key)).map(({ key, label, unit }) => {
        const interval = result.intervals[key]
        const ends = interval ? ` (95%: ${describeFigure(interval.low, unit)} to ${describeFigure(interval.high, unit)})` : ''
        return `  ${label.padEnd(30)} ${describeFigure(result.figures[key], unit)}${ends}`
      })
      output.result(
        result,
        [
          `Done in ${result.seconds.toFixed(1)} s. People in this workspace are demo identities.`,
          ...figures,
          `  ${'Quality report'.padEnd(30)} ${result.report}`,
          `  ${'Signed bundle'.padEnd(30)} ${result.bundle}`,
          `  ${"Signer's public key".padEnd(30)} ${result.publicKey}`,
          '',
          `Verify it: ${ownCommand()} verify "${result.bundle}" --key "${result.publicKey}"`
        ].join('\n')
      )
    }
  )
}

export const workspaceCommands: CommandGroup = { place: 1, add: addWorkspaceCommands }
