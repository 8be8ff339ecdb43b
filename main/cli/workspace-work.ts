import { basename, resolve } from 'node:path'
import type { Application } from '../core/application'
import { runSample } from '../core/sample'
import { countOf } from '../model/count-of'
import type { WorkspaceSummary } from '../model/workspace'
import { isBound, METRICS, type MetricDefinition } from '../model/tasks'
import type { CommandBody } from './command'
import { askHolder, inWorkspace } from './workspace-client'
import { ownCommand } from './own-command'
import { fromTemplate, readTemplate } from './template'

/** A figure with its unit, for people. */
function describeFigure(value: number, unit: MetricDefinition['unit']): string {
  if (unit === 'seconds') return value < 0.1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`
  if (unit === 'bytes') return `${(value / 2 ** 20).toFixed(1)} MiB`
  if (unit === 'rows/s') return `${Math.round(value)} rows/s`
  return value.toFixed(4)
}

/** `init`. */
export const createWorkspace: CommandBody = async (context, [directory], options) => {
  const app = await context.app()
  const { output } = context
  const template = readTemplate(options)
  const create = () => app.createWorkspace(resolve(directory), String(options.name ?? basename(resolve(directory))))
  if (template) {
    output.result(...(await fromTemplate(context, resolve(directory), template, create)))
    return
  }
  const workspace = await create()
  output.result(workspace, [`Created the workspace "${workspace.name}" in ${workspace.directory}`])
}

/** `sample`. */
export const createSample: CommandBody = async (context, [directory]) => {
  const { output, signal } = context
  const app = await context.app()
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
  output.result(result, [
    `Done in ${result.seconds.toFixed(1)} s. People in this workspace are demo identities.`,
    ...figures,
    `  ${'Quality report'.padEnd(30)} ${result.report}`,
    `  ${'Signed bundle'.padEnd(30)} ${result.bundle}`,
    `  ${"Signer's public key".padEnd(30)} ${result.publicKey}`,
    '',
    `Verify it: ${ownCommand()} verify "${result.bundle}" --key "${result.publicKey}"`
  ])
}

/** `workspace show`. */
export const showWorkspace: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ workspace: open, pipelines }) => {
    const workspace = (await open.status({})).workspace!
    const { runs: unfinished } = await pipelines.runs({ states: ['queued', 'running'], limit: 500 })
    const { restricted, name, directory } = workspace
    context.output.result(
      { ...workspace, unfinished: unfinished.map(({ id, pipeline, title, createdAt }) => ({ id, pipeline, title, createdAt })) },
      [
        `${name}, in ${directory}${workspace.sample ? ' (a sample: its people are demo identities)' : ''}`,
        restricted
          ? `Restricted: you have not trusted it on this machine, so nothing in it runs. To trust it: ${ownCommand()} workspace trust -w "${directory}"`
          : 'Trusted by you on this machine.',
        unfinished.length === 0 ? 'No run is unfinished.' : `${countOf(unfinished.length, 'run')} unfinished:`,
        ...unfinished.map(({ id, title, createdAt }) => `  ${id.slice(0, 8)} ${title}, started ${createdAt}`)
      ]
    )
  })

/** Lets the pipelines of a workspace run here, or no longer. */
const settingTrust =
  (trusted: boolean): CommandBody =>
  async (context, _positional, options) => {
    const { output } = context
    const app = await context.app()
    const workspace = await app.setTrust(resolve(String(options.workspace)), trusted)
    const holder = await tellHolder(app, workspace)
    output.result({ ...workspace, ...(holder && { holder }) }, [
      trusted
        ? `You trust "${workspace.name}" in ${workspace.directory}: its pipelines may run programs with your rights. A copy of it, and anybody else, is asked anew.`
        : `"${workspace.name}" in ${workspace.directory} is restricted from now on: no new run or step starts in it.`,
      ...(holder
        ? [
            holder.opensAnew
              ? `The window that has it open (process ${holder.pid}) opens it anew now${trusted ? '' : ': what runs in it stops, and goes on when you trust it again'}.`
              : trusted
                ? `The command that has it open (process ${holder.pid}) goes on as it began until it ends.`
                : `In runs of the command that has it open (process ${holder.pid}) the steps that work now end, and the others wait until you trust it again; cancel the runs to end them now.`
          ]
        : [])
    ])
  }

/** `workspace trust`. */
export const trustWorkspace = settingTrust(true)
/** `workspace distrust`. */
export const distrustWorkspace = settingTrust(false)

/** Says to who has a workspace open otherwise than this person wants it now that this is so. */
const tellHolder = (app: Application, { directory }: WorkspaceSummary): Promise<{ pid: number; opensAnew: boolean } | undefined> =>
  askHolder(app, directory, async ({ holder }, pid) => {
    const { heeds } = await holder.heedTrust({})
    return heeds === 'already' ? undefined : { pid, opensAnew: heeds === 'anew' }
  })
