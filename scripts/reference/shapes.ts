import { z } from 'zod'
import { contract } from '../../preload/contract'
import { VerificationReport } from '../../main/model/bundle'
import { datasetSummarySchema, importPreviewSchema, importResultSchema } from '../../main/model/dataset'
import { misfitSchema } from '../../main/model/import-reading'
import { PolicySummary } from '../../main/model/commands/policies'
import { gateReport } from '../../main/model/policy'
import { PipelineRun } from '../../main/model/pipeline-run'
import { qualityReportDetailSchema } from '../../main/model/quality'
import { ModelVersion, ModelVersionDetail } from '../../main/model/registry'
import { ComparedPair, Experiment } from '../../main/model/run'
import { ListedRun } from '../../main/model/run-rank'
import { Person } from '../../main/model/workspace'
import { block, page } from './markdown'
import { shapeOf, type JsonSchema } from './schema-fields'

const listOf = (item: z.ZodType, besides: z.ZodRawShape = {}) => z.object({ items: z.array(item), total: z.int(), ...besides })
const { runs: _runs, ...ofRuns } = contract.experiments.runs.output.shape
const { misfits: _misfits, ...ofMisfits } = contract.datasets.misfits.output.shape

/** What commands print with `--json`, where that is a shape of its own. */
const outputs: readonly { command: string; schema: z.ZodType; besides?: string }[] = [
  { command: 'import --preview', schema: importPreviewSchema },
  {
    command: 'import',
    schema: importResultSchema,
    besides: 'Beside it: `rules`, `offers`, `misfits` (with `examples`) and `rowsLost`, taken from `version` for easier reading.'
  },
  { command: 'person list', schema: listOf(Person) },
  { command: 'dataset list', schema: listOf(datasetSummarySchema) },
  { command: 'dataset show', schema: contract.datasets.get.output },
  { command: 'dataset misfits', schema: listOf(misfitSchema, ofMisfits) },
  {
    command: 'sql',
    schema: contract.datasets.sql.output,
    besides: 'A table and no list of things: two columns may have one name. `truncated` says that `--limit` cut it off.'
  },
  {
    command: 'profile',
    schema: qualityReportDetailSchema,
    besides: 'Beside it: `out`, where the report was written, and `imported` where a file was read.'
  },
  { command: 'run', schema: PipelineRun, besides: 'Beside it: `replaced`, and where there are any `doubts` and `error`.' },
  {
    command: 'runs',
    schema: listOf(ListedRun, ofRuns),
    besides: 'Beside it: `rankedBy`; each run also has `doubt` and `measured`. A parameter that is a number is a number here.'
  },
  { command: 'models', schema: listOf(ModelVersion), besides: 'Each version also has `doubt`.' },
  { command: 'model list', schema: listOf(ModelVersion), besides: 'Each version also has `doubt`.' },
  {
    command: 'model show',
    schema: ModelVersionDetail,
    besides:
      'Beside it: `doubt`, `rejections` by people of the workspace that stand, and `warnings`: what is missing for an export. `model stage` prints the same without these.'
  },
  {
    command: 'model register',
    schema: ModelVersion,
    besides: 'Beside it: `created`, false where the run was a version of this name before, and `warnings`.'
  },
  { command: 'policy list', schema: listOf(PolicySummary) },
  {
    command: 'policy check',
    schema: contract.policies.check.output,
    besides: 'Beside it: `file`, `holds`, `name`, `sha256` and the number of `rules`.'
  },
  {
    command: 'policy gate',
    schema: gateReport,
    besides:
      'This is `report`; beside it stand `id` of the result, `run`, `word` (passed, failed, undecided, no gate) and `standing`: where the run is before all policies. `policy test --facts` prints `report` and `word`.'
  },
  { command: 'experiment list', schema: listOf(Experiment) },
  {
    command: 'experiment compare',
    schema: listOf(ComparedPair),
    besides:
      'Each item has `metric`, `unit`, `run` and `baseline` as well; beside them stand `baseline`, `runs` and `warnings`. `pairs` is an older name of `items`.'
  },
  {
    command: 'verify',
    schema: VerificationReport,
    besides:
      'Beside it: `concern`, where the figures of the bundle say little, or its own gate did not pass; `release`, where it is a release of Drydock.'
  }
]

const DEPTH = 2

/** The shapes of `--json`, cut where they go deep. */
export const shapePage = (): string =>
  page(
    'JSON outputs',
    'What commands print with `--json`. A `?` says that a field may be absent, `{ ... }` that more lies below; new fields may come, none goes away. A list is `items` and `total`, which counts what matches also beyond a limit.',
    outputs.map(({ command, schema, besides }) =>
      [
        `## ${command}`,
        block('', shapeOf(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as unknown as JsonSchema, DEPTH)),
        besides ?? ''
      ]
        .filter(Boolean)
        .join('\n\n')
    )
  )
