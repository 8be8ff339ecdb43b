import { existsSync, promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import { commands } from '../core/all-commands'
import { cancelOnAbort } from '../core/pipelines'
import { parseDatasetRef } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { describeImport, importedModelSchema, type ImportedModel } from '../model/imported-model'
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

/** Puts a file into the folder "code" of the workspace, from which steps take files. Throws NOT_FOUND, CONFLICT. */
async function intoCode(directory: string, file: string): Promise<string> {
  const name = basename(file)
  const target = join(directory, 'code', name)
  const bytes = await fs.readFile(file).catch(() => {
    throw new WorkbenchError('NOT_FOUND', `There is no file "${file}". Nothing was done. Check the path.`)
  })
  const present = await fs.readFile(target).catch(() => undefined)
  if (present && !present.equals(bytes))
    throw new WorkbenchError(
      'CONFLICT',
      `The workspace has another file "${name}" in its folder "code". Rename one of the two. Nothing was done.`
    )
  await fs.mkdir(join(directory, 'code'), { recursive: true })
  if (!present) await fs.writeFile(target, bytes)
  return name
}

const listed = (value: unknown): string[] | undefined =>
  (value as string[] | undefined)?.flatMap((each) => each.split(',').map((name) => name.trim()))
/** A class as the target has it: numbers and truth values are written as such, and texts that look like them in quotes. */
const valueOf = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return ['string', 'number', 'boolean'].includes(typeof value) ? value : text
  } catch {
    return text
  }
}

function parametersOf(given: Given, file: string, predictions: string | undefined): Record<string, unknown> {
  const classes = listed(given.classes)?.map(valueOf)
  return {
    file,
    target: given.target,
    ...(given.task !== undefined && { task: given.task }),
    ...(given.event !== undefined && { event: valueOf(String(given.event)) }),
    ...(classes && { classes }),
    ...(given.columns !== undefined && { columns: listed(given.columns) }),
    ...(given.output !== undefined && { output: given.output }),
    ...(given.logits === true && { scores: 'logits' }),
    ...(given.learned === true && { learned: true }),
    ...(predictions !== undefined && { predictions })
  }
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
    const { directory } = (await workspace.workspace.status({})).workspace!
    const own = await intoCode(directory, file!)
    const predictions = given.predictions === undefined ? undefined : await intoCode(directory, String(given.predictions))
    const dataset = await rowsOf(context, workspace, String(given.data))
    const name = String(given.name ?? `import-${basename(own, '.onnx')}`)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
    const document = {
      schema: 'drydock.pipeline',
      version: 1,
      name,
      steps: [
        { id: 'rows', type: 'source', parameters: { dataset } },
        { id: 'model', type: 'import-model', inputs: { rows: 'rows.table' }, parameters: parametersOf(given, own, predictions) }
      ]
    }
    // JSON is YAML, and no name in it has to be quoted by hand.
    const yaml = JSON.stringify(document, null, 2)
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
