import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { discardNewWorkspace } from '../core/workspace'
import { WorkbenchError } from '../model/errors'
import { taskOf } from '../model/tasks'
import type { WorkspaceSummary } from '../model/workspace'
import { writeFileDurably } from '../storage/objects/durable-files'
import type { CommandContext, Given } from './command'
import { importFile } from './import-command'
import { inOwnWorkspace } from './workspace-client'
import { readImportOptions } from './read-import-options'
import { ownCommand } from './own-command'
import { templates } from './template-options'

/** What a new workspace is filled with: a file, and the documents that lead from it to a first model. */
interface Template {
  name: string
  file: string
  target: string
  event?: string
}

/** Throws INVALID_INPUT for options that do not go together and for a file that is not there. */
export function readTemplate({ template, data, target, event }: Given): Template | undefined {
  const given = Object.entries({ data, target, event }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]))
  if (template === undefined) {
    if (given.length === 0) return undefined
    throw new WorkbenchError('INVALID_INPUT', `${given.join(', ')}: this goes with --template. Add --template ${templates[0]}.`)
  }
  if (!templates.includes(String(template)))
    throw new WorkbenchError('INVALID_INPUT', `There is no template "${String(template)}". There is ${templates.join(', ')}.`)
  if (data === undefined || target === undefined)
    throw new WorkbenchError('INVALID_INPUT', 'A template needs --data FILE and --target COLUMN. Give both.')
  if (!existsSync(String(data)) || !statSync(String(data)).isFile())
    throw new WorkbenchError('NOT_FOUND', `There is no file "${String(data)}". Nothing was created. Check --data.`)
  return { name: String(template), file: String(data), target: String(target), ...(event !== undefined && { event: String(event) }) }
}

/**
 * Creates the workspace, imports the file, and writes and saves pipeline and policy. A workspace that cannot be completed is taken back.
 * Returns the result and its words.
 */
export async function fromTemplate(
  context: CommandContext,
  directory: string,
  template: Template,
  create: () => Promise<WorkspaceSummary>
): Promise<[value: object, lines: string[]]> {
  const existed = existsSync(directory)
  const workspace = await create()
  try {
    return await fill(context, workspace, template)
  } catch (error) {
    await (await context.app()).closeWorkspace()
    await discardNewWorkspace(directory, existed)
    throw error
  }
}

async function fill(
  context: CommandContext,
  workspace: WorkspaceSummary,
  { name, file, target, event }: Template
): Promise<[object, string[]]> {
  const app = await context.app()
  const { version } = await inOwnWorkspace(app, (own) => importFile(context, own, file, {}, readImportOptions({}, file)))
  const made = await app.pipelines.baseline({ dataset: version.ref, target, event, name })
  if (made.columns.length > 0) app.do(commands.datasets.setColumns, { ref: version.ref, columns: made.columns })
  await app.do(commands.policies.save, { text: made.policy })
  await app.do(commands.pipelines.save, { yaml: made.pipeline })
  const files = {
    pipeline: join(workspace.directory, 'pipelines', `${name}.yaml`),
    policy: join(workspace.directory, 'policies', `${name}.yaml`)
  }
  await writeFileDurably(files.pipeline, made.pipeline)
  await writeFileDurably(files.policy, made.policy)
  const { dataset, doubt } = made
  const decided =
    doubt === null
      ? [made.event === null ? `Predicts ${target}: ${taskOf(made).words}.` : `Predicts ${target} = ${String(made.event)}.`]
      : [
          doubt,
          `Name it in the steps quality and train of ${files.pipeline}, or begin anew with --event VALUE; until then a run is refused.`
        ]
  return [
    { ...workspace, template: name, dataset: version.ref, target, task: made.task, event: made.event, doubt, ...files },
    [
      `Created the workspace "${workspace.name}" in ${workspace.directory}`,
      `Imported ${file} as the dataset "${dataset}": ${version.rows} rows, ${version.columns.length} columns.`,
      ...decided,
      `Pipeline  ${files.pipeline}`,
      `Policy    ${files.policy}`,
      '',
      `Run it: ${ownCommand()} run -w "${resolve(workspace.directory)}" ${name}`
    ]
  ]
}
