import { z } from 'zod'
import { columnRoleSchema, knownWhenSchema, type DatasetColumn } from '../../../model/dataset'
import { WorkbenchError } from '../../../model/errors'
import { defineStep, type StepContext } from '../define-step'
import { sqlText } from './sql-text'

const columnFacts = z.strictObject({
  role: columnRoleSchema.optional(),
  knownWhen: knownWhenSchema.optional(),
  unit: z.string().max(64).optional()
})
const parameters = z.strictObject({
  target: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Target', description: 'Column to predict; by default the one with the role target.' }),
  positive: z.array(z.string()).optional().meta({ title: 'Positive values', description: 'Values of the target that count as the event.' }),
  features: z
    .array(z.string())
    .optional()
    .meta({ title: 'Features', description: 'Columns that a model would use; by default those with the role feature.' }),
  key: z.array(z.string()).optional().meta({ title: 'Key', description: 'Columns that together must be unique.' }),
  columnsOf: z.string().max(200).optional().meta({
    title: 'Columns of',
    description: 'Dataset whose declared roles and times of knowledge apply to equally named columns.'
  }),
  columns: z
    .record(z.string(), columnFacts)
    .default({})
    .meta({ title: 'Columns', description: 'Role, unit and when known, by column; goes before the dataset.' }),
  failOn: z
    .enum(['never', 'error', 'warning'])
    .default('never')
    .meta({ title: 'Fail on', description: 'Severity from which a finding makes the step fail.' })
})
type Parameters = z.output<typeof parameters>

export const qualityCheckStep = defineStep({
  type: 'quality-check',
  version: 1,
  title: 'Quality check',
  help: 'Profiles a table and checks it for the flaws of real data, leakage of the outcome included. Findings are a report; whether they stop the pipeline is up to "Fail on".',
  icon: 'shield-check',
  category: 'quality',
  parameters,
  inputs: { table: { types: ['Table', 'FeatureSet'], help: 'The rows to check.' } },
  outputs: {
    report: { type: 'Report', help: 'The findings.' },
    profile: { type: 'Report', help: 'Statistics of every column.' },
    table: { type: 'Table', help: 'The same rows, so that what follows waits for the check.' }
  },
  tables: (_, { table }) => ({ table }),
  async freeze(p, context) {
    if (p.columnsOf === undefined) return {}
    const { roles, knownWhen } = await context.datasetVersion(p.columnsOf, 'latest')
    const declared = Object.keys({ ...roles, ...knownWhen }).map(
      (name) => [name, columnFacts.parse({ role: roles[name], knownWhen: knownWhen?.[name] })] as const
    )
    return { columns: Object.fromEntries(declared) }
  },
  run
})

async function run(context: StepContext<Parameters>, frozen: Record<string, unknown>): Promise<void> {
  const { checkQuality, loadAnalysisTable, profileTable } = await import('../../quality')
  const { kindOf } = await import('../../datasets')
  const { parameters: p, inputs, progress, log, signal } = context
  const db = await context.database()
  const declared = (frozen.columns ?? {}) as Record<string, z.infer<typeof columnFacts>>
  const columns = (await db.describe(`SELECT * FROM read_arrow(${sqlText(inputs.table.path)})`)).map(({ name, type }): DatasetColumn => {
    const facts = { ...(Object.hasOwn(declared, name) && declared[name]), ...(Object.hasOwn(p.columns, name) && p.columns[name]) }
    const role = name === p.target ? 'target' : (facts.role ?? 'feature')
    // Two targets would make the check guess; the one that was named stands.
    return {
      name,
      type,
      kind: kindOf(type),
      role: role === 'target' && p.target !== undefined && name !== p.target ? 'ignored' : role,
      knownWhen: facts.knownWhen ?? (role === 'target' ? 'after' : 'before'),
      unit: facts.unit ?? null,
      description: null
    }
  })
  const table = await loadAnalysisTable(db, inputs.table.path, columns, signal)
  const profile = await profileTable(table, (part) => progress((part.fraction ?? 0) * 0.6, part.message))
  const report = await checkQuality(
    table,
    profile,
    { subject: 'table', sha256: inputs.table.sha256, now: new Date() },
    {
      ...(p.target !== undefined && { target: { column: p.target, ...(p.positive && { positive: p.positive }) } }),
      features: p.features,
      key: p.key
    },
    (part) => progress(0.6 + (part.fraction ?? 0) * 0.4, part.message)
  )
  for (const finding of report.findings) log(`${finding.severity}: ${finding.title}`)
  const stopping = report.findings.filter(
    (finding) => finding.severity === 'error' || (p.failOn === 'warning' && finding.severity === 'warning')
  )
  if (p.failOn !== 'never' && stopping.length)
    throw new WorkbenchError(
      'JOB_FAILED',
      `The table has ${stopping.length} ${stopping.length === 1 ? 'finding' : 'findings'} that must not be there: ${stopping
        .slice(0, 3)
        .map((finding) => finding.title)
        .join('; ')}. Mend the data in a step before, or lower "Fail on".`,
      {
        details: {
          findings: stopping.slice(0, 20).map(({ kind, severity, columns: names, title }) => ({ kind, severity, columns: names, title }))
        }
      }
    )
  await context.outputJson('report', report)
  await context.outputJson('profile', profile)
  context.passOn('table', inputs.table)
}
