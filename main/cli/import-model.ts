import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { commands } from '../core/all-commands'
import { cancelOnAbort } from '../core/pipelines'
import { parseDatasetRef } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { describeImport, importChoicesSchema, importedModelSchema, type ImportChoices, type ImportedModel } from '../model/imported-model'
import { classValue, freeImportName, importName, importPipeline } from '../model/model-import'
import type { PipelineRun } from '../model/pipeline-run'
import type { CommandBody, CommandContext, Given } from './command'
import { followRun } from './follow-run'
import { importFile } from './import-command'
import { EXIT } from './output'
import { ownCommand } from './own-command'
import { readImportOptions } from './read-import-options'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

/** The name of a dataset with the rows; a file is imported as one first. */
async function rowsOf(context: CommandContext, workspace: WorkspaceClient, data: string): Promise<string> {
  if (!existsSync(data)) return data
  const { version } = await importFile(context, workspace, data, {}, readImportOptions({}, data))
  return parseDatasetRef(version.ref)!.name
}

/**
 * The name of the pipeline that is made: a free one, also of those in the trash, unless one is asked for.
 * @throws WorkbenchError CONFLICT where there is a pipeline of that name: it may hold what somebody added to it
 */
async function pipelineName({ pipelines }: WorkspaceClient, path: string, asked: unknown): Promise<string> {
  const [present, removed] = [await pipelines.list({}), await pipelines.list({ removed: true })]
  if (asked === undefined)
    return freeImportName(
      basename(path),
      [...present, ...removed].map(({ name }) => name)
    )
  const name = importName(String(asked))
  if (present.some((each) => each.name === name))
    throw new WorkbenchError(
      'CONFLICT',
      `There is a pipeline "${name}" already, which this would replace. Nothing was taken in. Give another --name, or none for a free one.`
    )
  return name
}

const listed = (value: unknown): string[] | undefined =>
  (value as string[] | undefined)?.flatMap((each) => each.split(',').map((name) => name.trim()))
function choicesOf(given: Given): ImportChoices {
  const classes = listed(given.classes)?.map(classValue)
  return importChoicesSchema.parse({
    target: given.target,
    ...(given.task !== undefined && { task: given.task }),
    ...(given.event !== undefined && { event: classValue(String(given.event)) }),
    ...(classes && { classes }),
    ...(given.columns !== undefined && { columns: listed(given.columns) }),
    ...(given.output !== undefined && { output: given.output }),
    ...(given.logits === true && { scores: 'logits' })
  })
}

async function runImport(context: CommandContext, workspace: WorkspaceClient, yaml: string): Promise<PipelineRun> {
  const { runId } = await workspace.do(commands.pipelines.run, { yaml })
  const settled = cancelOnAbort(context.signal, () => workspace.do(commands.pipelines.cancel, { runId }))
  const run = await followRun(workspace.pipelines, runId, context.output)
  await settled()
  return run
}

async function reportOf({ pipelines }: WorkspaceClient, { id }: PipelineRun): Promise<ImportedModel> {
  const preview = await pipelines.preview({ runId: id, stepId: 'model', port: 'report', whole: true })
  return importedModelSchema.parse(preview.kind === 'json' ? preview.value : null)
}

/** `model import`: copies the file, saves a pipeline that takes it in and runs that; the model is registered by nobody but a register step. */
export const importModelFile: CommandBody = (context, [file], given) =>
  inWorkspace(context, given.workspace, async (workspace) => {
    const predictions = given.predictions === undefined ? undefined : resolve(String(given.predictions))
    const path = resolve(file!)
    const name = await pipelineName(workspace, path, given.name)
    const placed = await workspace.do(commands.imports.place, { file: path, ...(predictions !== undefined && { predictions }) })
    const dataset = await rowsOf(context, workspace, String(given.data))
    const yaml = importPipeline({
      ...{ name, dataset, file: placed.file, choices: choicesOf(given), learned: given.learned === true },
      ...(placed.predictions !== null && { predictions: placed.predictions })
    })
    await workspace.do(commands.pipelines.save, { yaml })
    const run = await runImport(context, workspace, yaml)
    const failed = run.steps.find(({ failure }) => failure)?.failure
    if (failed) throw new WorkbenchError(failed.code as 'INVALID_INPUT', `${failed.message} Nothing was registered.`)
    const record = await reportOf(workspace, run)
    context.output.result({ pipeline: name, run: run.id, dataset, imported: record }, [
      ...describeImport(record),
      `The pipeline "${name}" takes it in. Nothing is registered yet: add evaluate, gate and register to it (${ownCommand()} guide imported-models).`
    ])
    return EXIT.done
  })
