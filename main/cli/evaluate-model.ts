import { existsSync } from 'node:fs'
import { commands } from '../core/all-commands'
import { cancelOnAbort } from '../core/pipelines'
import { parseDatasetRef } from '../model/dataset'
import { WorkbenchError } from '../model/errors'
import { describeBeside, evaluationPipeline, type ModelEvaluation } from '../model/model-evaluation'
import type { Sha256 } from '../model/reference'
import { numberInWords } from '../model/reported-number'
import { verdictWords } from '../model/run'
import type { CommandBody, CommandContext } from './command'
import { followRun } from './follow-run'
import { importFile } from './import-command'
import { modelNamed, nameOf } from './named-model'
import { EXIT, textTable } from './output'
import { readImportOptions } from './read-import-options'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

const figure = (value: number): string => numberInWords(value) ?? value.toPrecision(4)
const within = (low: number | null, high: number | null): string =>
  low === null || high === null ? '' : ` (${figure(low)} to ${figure(high)})`

/** An evaluation beside the first one, for a terminal. */
export function describeEvaluation(evaluation: ModelEvaluation): string[] {
  const { data, rows, beside, doubt } = evaluation
  const lines = [
    `${data?.name ?? 'rows'}${rows === null ? '' : `, ${rows.toLocaleString('en')} rows`}: ${describeBeside(evaluation)}.`,
    ...(doubt === null ? [] : [doubt])
  ]
  if (beside === null) return lines
  const table = textTable(
    ['figure', 'first test', 'here', 'difference', 'verdict'],
    beside.metrics.map(({ label, first, here, difference, low, high, verdict, why }) => [
      label,
      figure(first.value) + within(first.low, first.high),
      figure(here.value) + within(here.low, here.high),
      difference === null ? '-' : figure(difference) + within(low, high),
      verdictWords[verdict] + (why === null ? '' : `: ${why}`)
    ])
  )
  return [...lines, ...table.split('\n')]
}

/** A dataset of the workspace; a file is imported as one first, so that what was judged stays. */
async function datasetOf(context: CommandContext, workspace: WorkspaceClient, data: string): Promise<string> {
  if (!existsSync(data)) return data
  const { version } = await importFile(context, workspace, data, {}, readImportOptions({}, data))
  return parseDatasetRef(version.ref)!.name
}

/** The evaluation whose run keeps this very document: the first test and earlier ones may have judged the same rows. */
async function evaluationIn(
  workspace: WorkspaceClient,
  { name, version }: { name: string; version: number },
  document: Sha256 | undefined
): Promise<ModelEvaluation | undefined> {
  for (const each of await workspace.models.evaluations({ name, version })) {
    const { artifacts } = await workspace.experiments.run({ id: each.run })
    if (artifacts.some(({ kind, sha256 }) => kind === 'evaluation' && sha256 === document)) return each
  }
  return undefined
}

/** `model evaluate`: runs a pipeline that judges the version, and holds what it found against the first test. */
export const evaluateModel: CommandBody = (context, [reference, data], given) =>
  inWorkspace(context, given.workspace, async (workspace) => {
    const model = await modelNamed(workspace, reference)
    const first = await workspace.experiments.evaluation({ id: model.run })
    const dataset = await datasetOf(context, workspace, data!)
    const yaml = evaluationPipeline({
      ...{ name: model.name, version: model.version, dataset },
      ...(first && 'threshold' in first && { threshold: first.threshold }),
      ...(given.group !== undefined && { groupColumn: String(given.group) })
    })
    const { runId } = await workspace.do(commands.pipelines.run, { yaml })
    const settled = cancelOnAbort(context.signal, () => workspace.do(commands.pipelines.cancel, { runId }))
    const { steps } = await followRun(workspace.pipelines, runId, context.output)
    await settled()
    const failed = steps.find(({ failure }) => failure)?.failure
    if (failed) throw new WorkbenchError(failed.code as 'INVALID_INPUT', failed.message)
    const outputs = steps.find(({ stepId }) => stepId === 'evaluate')?.outputs ?? []
    const own = await evaluationIn(workspace, model, outputs.find(({ port }) => port === 'evaluation')?.sha256)
    if (!own) throw new WorkbenchError('INTERNAL', 'The model was evaluated, but the run that keeps it was not found. Please report this.')
    context.output.result({ model: nameOf(model), ...own }, [
      `Evaluated ${nameOf(model)} again; the run "${own.name}" (${own.run.slice(0, 8)}) keeps it.`,
      ...describeEvaluation(own)
    ])
    return EXIT.done
  })
