import { z } from 'zod'
import { pairVerdict, RunMetric } from './run'
import { namedFile, RunId } from './reference'

/** One figure of a model on other rows beside that of its first test. */
export const evaluatedMetricSchema = z.object({
  key: z.string(),
  label: z.string(),
  first: RunMetric,
  here: RunMetric,
  /** Here minus first, with the interval of 95%; null where one of the two has no interval. */
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  p: z.number().nullable(),
  verdict: pairVerdict,
  /** Why it cannot be told, where that is not chance. */
  why: z.string().nullable()
})
export type EvaluatedMetric = z.infer<typeof evaluatedMetricSchema>

/** How an evaluation stands beside the first one: row by row, or as two samples that have no row in common. */
export const besideFirst = z.discriminatedUnion('method', [
  z.object({ method: z.literal('paired'), rows: z.int().nullable(), metrics: z.array(evaluatedMetricSchema) }),
  z.object({ method: z.literal('unpaired'), metrics: z.array(evaluatedMetricSchema) })
])

/** An evaluation of a model: the first one of its version, or a later one on these or other rows. */
export const modelEvaluationSchema = z.object({
  run: RunId,
  name: z.string(),
  at: z.string(),
  by: z.string(),
  isFirst: z.boolean(),
  /** The table of the judged rows, and how many there are. */
  data: namedFile.nullable(),
  rows: z.int().nullable(),
  metrics: z.record(z.string(), RunMetric),
  /** Why its figures say little about new rows; null where nothing is known against them. */
  doubt: z.string().nullable(),
  /** Null for the first. */
  beside: besideFirst.nullable()
})
export type ModelEvaluation = z.infer<typeof modelEvaluationSchema>

/** How it was compared with the first test, in words for people. */
export function describeBeside({ beside, data }: Pick<ModelEvaluation, 'beside' | 'data'>): string {
  if (beside === null) return 'the first test of this version'
  if (beside.method === 'paired')
    return `judged on the rows of the first test, so compared with it row by row${beside.rows === null ? '' : ` (${beside.rows.toLocaleString('en')} rows)`}`
  return `judged on other rows${data ? ` (${data.name})` : ''} than the first test, so each difference is that of two samples, with a wider interval: it also holds how the rows differ`
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/**
 * The pipeline that judges a registered version on a dataset, as text: what it finds is a run that is linked to the version. `threshold` is that
 * of its first test, so that decisions are the same.
 */
export function evaluationPipeline({
  name,
  version,
  dataset,
  datasetVersion,
  threshold,
  groupColumn
}: {
  name: string
  version: number
  dataset: string
  /** SHA-256 of a version of it; the newest where it is left out. */
  datasetVersion?: string
  threshold?: number
  groupColumn?: string
}): string {
  const parameters = {
    model: `${name}@${version}`,
    split: dataset,
    ...(threshold !== undefined && { threshold }),
    ...(groupColumn !== undefined && { groupColumn })
  }
  const document = {
    schema: 'drydock.pipeline',
    version: 1,
    name: `evaluate-${slug(`${name}-${version}`)}`.slice(0, 60),
    title: `${name}@${version} on other rows`,
    steps: [
      { id: 'rows', type: 'source', parameters: { dataset, ...(datasetVersion !== undefined && { version: datasetVersion }) } },
      { id: 'evaluate', type: 'evaluate', inputs: { test: 'rows.table' }, parameters }
    ]
  }
  // JSON is YAML, and no name in it has to be quoted by hand.
  return JSON.stringify(document, null, 2)
}
