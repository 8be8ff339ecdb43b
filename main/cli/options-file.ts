import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { columnChoiceSchema, datasetMetadataSchema, dialectSchema, importOptionsSchema, type ImportOptions } from '../model/dataset'
import { WorkbenchError, fromSystemError } from '../model/errors'
import { didYouMean } from '../model/near-names'

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
  const parsed = optionsFileSchema.safeParse(content ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const { line, column } = placeOf(tree, counter, issue.path)
  const place = issue.path.reduce<string>(
    (at, key) => (typeof key === 'number' ? `${at}[${key}]` : at ? `${at}.${String(key)}` : String(key)),
    ''
  )
  throw new WorkbenchError(
    'INVALID_INPUT',
    `--options: "${file}" is wrong${place && ` at ${place}`} (line ${line}, column ${column}): ${issue.message.replace(/\.$/, '')}.${meantKey(issue)} Nothing was imported. Correct it there; it takes what "choices" of "drydock dataset show --json" has.`,
    { details: { option: '--options', place, line, column } }
  )
}

/** Where the nearest value on the path begins, counted from 1; of an unknown key that is the map it stands in. */
function placeOf(tree: Document, counter: LineCounter, path: readonly PropertyKey[]): { line: number; column: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = tree.getIn(path.slice(0, length), true)
    if (!isNode(node) || !node.range) continue
    const { line, col } = counter.linePos(node.range[0])
    return { line, column: col }
  }
  return { line: 1, column: 1 }
}

/** What was perhaps meant by a key that is not known where it stands. */
function meantKey(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return ''
  const within = { dialect: dialectSchema, columns: columnChoiceSchema, metadata: datasetMetadataSchema }
  const { shape } = within[issue.path[0] as keyof typeof within] ?? optionsFileSchema
  return didYouMean(issue.keys[0]!, Object.keys(shape))
}
