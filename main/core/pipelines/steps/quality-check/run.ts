import type { z } from 'zod'
import type { DatasetColumn } from '../../../../model/dataset'
import { WorkbenchError } from '../../../../model/errors'
import { taskOf } from '../../../../model/tasks'
import type { SplitRoles } from '../../column-roles/split-roles'
import type { RunOf, StepWork } from '../../define-step'
import { quoteText } from '../../../../model/sql-quoting'
import type { columnFacts, qualityCheckDefinition } from './definition'
import { readImports } from './imports'

const loadChecks = async () => {
  const { checkQuality, checkSplit, loadAnalysisTable, profileTable } = await import('../../../quality')
  const { kindOf } = await import('../../../datasets')
  return { checkQuality, checkSplit, loadAnalysisTable, profileTable, kindOf }
}
export const prepare: StepWork['prepare'] = (database) => Promise.all([database(), loadChecks()])

/** Profiles the table, checks it and passes it on. */
export async function run(context: RunOf<typeof qualityCheckDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { checkQuality, checkSplit, loadAnalysisTable, profileTable, kindOf } = await loadChecks()
  const { parameters: p, inputs, progress, log, signal } = context
  const db = await context.database()
  const declared = (frozen.columns ?? {}) as Record<string, z.infer<typeof columnFacts>>
  const columns = (await db.describe(`SELECT * FROM read_arrow(${quoteText(inputs.table.path)})`)).map(({ name, type }): DatasetColumn => {
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
  const profiled = await profileTable(table, (part) => progress((part.fraction ?? 0) * 0.6, part.message))
  const split =
    inputs.test &&
    (await checkSplit(db, { training: [inputs.table.path], judged: inputs.test.path }, splitColumns(columns, frozen), signal))
  const imports = await readImports(frozen.imports, inputs.table.sha256, context.objectPath)
  const report = await checkQuality(
    table,
    profiled,
    { subject: 'table', sha256: inputs.table.sha256, now: new Date(), imports, ...(split && { split }) },
    {
      ...(p.target !== undefined && { target: { column: p.target, task: p.task, ...taskOf(p).asked.quality(p) } }),
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
  await context.outputJson('profile', profiled.profile)
  context.passOn('table', inputs.table)
}

/** Roles from everywhere: what the step says of its columns goes before what Data says. */
function splitColumns(columns: readonly DatasetColumn[], frozen: Record<string, unknown>): SplitRoles {
  const roles: SplitRoles = { entities: {}, times: [], ...(frozen.splitRoles as SplitRoles | undefined) }
  const entities: SplitRoles['entities'] = { ...roles.entities }
  for (const { name, role } of columns) if (role === 'group' || role === 'identifier') entities[name] = role
  return {
    ...roles,
    entities,
    times: [...new Set([...roles.times, ...columns.filter(({ role }) => role === 'time').map(({ name }) => name)])]
  }
}
