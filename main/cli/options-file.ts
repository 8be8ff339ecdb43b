import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { assertAllowed } from '../core/machine-settings'
import { columnChoiceSchema, datasetMetadataSchema, dialectSchema, importOptionsSchema, type ImportOptions } from '../model/dataset'
import { WorkbenchError, fromSystemError } from '../model/errors'
import { fit } from '../model/schema-words'
import { placeOfProblem } from '../core/yaml-places'

/** What an options file may hold: all that the window can choose. A key that nobody knows is a mistake and not to be passed over. */
export const optionsFileSchema = z.strictObject({
  ...importOptionsSchema.shape,
  name: importOptionsSchema.shape.name.optional(),
  dialect: z.strictObject(dialectSchema.shape).partial().optional(),
  columns: z.array(z.strictObject(columnChoiceSchema.shape)).max(20_000).optional(),
  metadata: z.strictObject(datasetMetadataSchema.shape).partial().optional()
})

/**
 * The options of an import from a JSON or YAML file, which has the shape of the `choices` that `dataset show --json` prints.
 * Throws INVALID_INPUT, which names the place, and NOT_FOUND.
 */
export function readOptionsFile(path: string): Partial<ImportOptions> {
  const file = basename(path)
  assertAllowed(path)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading the options "${path}"`)
  }
  const counter = new LineCounter()
  const tree = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  let content: unknown
  try {
    if (tree.errors[0]) throw tree.errors[0]
    content = tree.toJS({ maxAliasCount: 50 })
  } catch (error) {
    const { line, col: column } = counter.linePos((error as { pos?: [number, number] }).pos?.[0] ?? 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--options: "${file}" is neither JSON nor YAML: ${(error as Error).message.replace(/\.?$/, '')} at line ${line}, column ${column}. Nothing was imported. Correct the file.`,
      { details: { option: '--options', line, column }, cause: error }
    )
  }
  const parsed = fit(optionsFileSchema, content ?? {})
  if (parsed.success) return parsed.data
  const problems = parsed.problems.map((problem) => ({
    severity: 'error' as const,
    path: problem.path.map(String).join('.'),
    message: problem.message,
    place: placeWords(problem.isKey ? problem.path.slice(0, -1) : problem.path),
    ...placeOfProblem(tree, counter, problem)
  }))
  const [{ place, line, column, message }] = problems as [(typeof problems)[number]]
  const more = problems.length > 1 ? ` It is the first of ${problems.length} problems.` : ''
  throw new WorkbenchError(
    'INVALID_INPUT',
    `--options: "${file}" is wrong${place && ` at ${place}`} (line ${line}, column ${column}): ${message}${more} Nothing was imported. Correct it there; it takes what "choices" of "drydock dataset show --json" has.`,
    { details: { option: '--options', place, line, column, problems: problems.map(({ place: _, ...problem }) => problem) } }
  )
}

/** `columns[0].type` */
const placeWords = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((at, key) => (typeof key === 'number' ? `${at}[${key}]` : at ? `${at}.${String(key)}` : String(key)), '')
