import type { StandingRejection } from '../model/commands/bundles'
import { exportWarnings } from '../model/export-warnings'
import { describeGate, describeStage } from '../model/gate-standing'
import { describeRejection } from '../model/rejection-words'
import type { ModelEvaluation } from '../model/model-evaluation'
import { numberInWords } from '../model/reported-number'
import { printDigest } from '../model/reference'
import { stageMoves, type ModelVersionDetail } from '../model/registry'
import { describeSettled, type Settled } from '../model/settled'
import { describeDoubt, doubtWords, verdictWords } from '../model/run'
import { metricTitleOf, taskOfMetrics } from '../model/tasks'
import type { CommandBody } from './command'
import { missingLines, readStage } from './model-words'
import { modelNamed, nameOf } from './named-model'
import { listOf, tableLines, textTable } from './output'
import { ownCommand } from './own-command'
import { inWorkspace, type WorkspaceClient } from './workspace-client'

const figure = (value: number): number | string => numberInWords(value) ?? Number(value.toFixed(4))

/** Every version of every model, the newest of a model first, with what is to be doubted of its figures. */
async function versionsOf({ models, experiments }: WorkspaceClient) {
  const versions = []
  for (const { name } of await models.list({}))
    for (const version of await models.versions({ name })) {
      const run = await experiments.run({ id: version.run })
      versions.push({ version: { ...version, doubt: describeDoubt(run) }, note: doubtWords(run) })
    }
  return versions
}

function tableOf(versions: Awaited<ReturnType<typeof versionsOf>>): string {
  const primaries = new Set(versions.map(({ version }) => taskOfMetrics(version.metrics).primaryMetric))
  const [only] = primaries
  const metric = primaries.size === 1 ? only : undefined
  return textTable(
    ['model', 'stage', 'run', 'gate', metric ? metricTitleOf(metric) : 'figure', 'note', 'registered'],
    versions.map(({ version, note }) => [
      nameOf(version),
      describeStage(version),
      version.run.slice(0, 8),
      describeGate(version.gate),
      primaryFigure(version.metrics, metric),
      note,
      version.createdAt
    ])
  )
}

/** The figure that its task is ranked by; with its name where the versions of the table answer different kinds of question. */
function primaryFigure(metrics: ModelVersionDetail['metrics'], shared: string | undefined): string | number {
  const key = shared ?? taskOfMetrics(metrics).primaryMetric
  if (!metrics[key]) return '-'
  return shared ? figure(metrics[key].value) : `${key} ${figure(metrics[key].value)}`
}

interface Besides {
  doubt: string | null
  rejections: readonly StandingRejection[]
  evaluations: readonly ModelEvaluation[]
  settled: Settled
}

/** The evaluations after the first, each by the figure that its task is ranked by; nothing where there is none. */
function evaluationLines(evaluations: readonly ModelEvaluation[]): string[] {
  const later = evaluations.filter(({ isFirst }) => !isFirst)
  if (later.length === 0) return []
  return [
    ...tableLines(
      ['judged again on', 'rows', 'at', 'figure', 'beside the first test'],
      later.map(({ data, rows, at, metrics, beside }) => {
        const key = taskOfMetrics(metrics).primaryMetric
        const told = beside?.metrics.find((metric) => metric.key === key)
        const word = told ? `${verdictWords[told.verdict]} (${beside!.method})` : ''
        return [data?.name ?? '', rows ?? '', at, metrics[key] ? `${key} ${figure(metrics[key].value)}` : '-', word]
      })
    ),
    ''
  ]
}

/** Calibration, decision and intervals, the name of each before its first line; nothing where nothing was settled. */
function settledLines(settled: Settled): string[] {
  const told = describeSettled(settled)
  if (told.length === 0) return []
  return [...told.flatMap(({ part, lines: [first, ...rest] }) => [`${part}: ${first}`, ...rest.map((line) => `  ${line}`)]), '']
}

function describeVersion(version: ModelVersionDetail, { doubt, rejections, evaluations, settled }: Besides, directory: unknown): string[] {
  const { purpose, history, stage } = version
  const said = Object.entries(purpose).flatMap(([name, text]) => (text === '' ? [] : [[name, text]]))
  return [
    `${nameOf(version)}: ${describeStage(version)}`,
    ...tableLines(
      ['run', `${version.run.slice(0, 8)} ${version.runName}`],
      [
        ['algorithm', version.algorithm],
        ['model', printDigest(version.modelSha256)],
        ['gate', describeGate(version.gate)],
        ['registered', `${version.createdAt} by ${version.createdBy}`],
        ['bundles', String(version.bundles)],
        ...said
      ]
    ),
    ...(doubt === null ? [] : [doubt]),
    ...rejections.map(describeRejection),
    '',
    ...tableLines(
      ['stage', 'at', 'by', 'signature', 'reason'],
      history.map(({ to, at, by, signature, reason }) => [to, at, by, signature?.state ?? '', reason])
    ),
    '',
    ...settledLines(settled),
    ...evaluationLines(evaluations),
    ...missingLines(version, directory),
    ...(stageMoves[stage].length > 0 ? [`From here it can become ${stageMoves[stage].join(' or ')}.`] : [])
  ]
}

/** `X spec`. */
export const listModels: CommandBody = (context, _positional, options) => {
  const stage = options.stage === undefined ? undefined : readStage('--stage', String(options.stage))
  return inWorkspace(context, options.workspace, async (workspace) => {
    const versions = (await versionsOf(workspace)).filter(({ version }) => stage === undefined || version.stage === stage)
    const items = versions.map(({ version }) => version)
    const empty =
      stage === undefined ? `There are none. Register one: ${ownCommand()} model register -w DIR NAME --run RUN` : `None is ${stage}.`
    context.output.result(listOf(items), items.length === 0 ? empty : tableOf(versions))
  })
}

/** `model show`. */
export const showModel: CommandBody = (context, [reference], options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const { name, version } = await modelNamed(workspace, reference)
    const detail = await workspace.models.get({ name, version })
    const doubt = describeDoubt(await workspace.experiments.run({ id: detail.run }))
    const rejections = await workspace.bundles.rejections({ name, version })
    const evaluations = await workspace.models.evaluations({ name, version })
    const settled = await workspace.experiments.settled({ id: detail.run })
    context.output.result(
      { ...detail, doubt, rejections, evaluations, settled, warnings: exportWarnings(detail) },
      describeVersion(detail, { doubt, rejections, evaluations, settled }, options.workspace)
    )
  })
