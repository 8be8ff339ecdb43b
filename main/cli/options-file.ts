import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { columnChoiceSchema, datasetMetadataSchema, dialectSchema, importOptionsSchema, type ImportOptions } from '../model/dataset'
import { WorkbenchError, fromSystemError } from '../model/errors'

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
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    throw new WorkbenchError(
      'INVALID_INPUT',
      `--options: "${file}" is neither JSON nor YAML: ${(error as Error).message.split('\n')[0]} Nothing was imported. Correct the file.`,
      { cause: error }
    )
  }
  const parsed = optionsFileSchema.safeParse(content ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue.path.reduce<string>(
    (at, key) => (typeof key === 'number' ? `${at}[${key}]` : at ? `${at}.${String(key)}` : String(key)),
    ''
  )
  throw new WorkbenchError(
    'INVALID_INPUT',
    `--options: "${file}" is wrong${place && ` at ${place}`}: ${issue.message.replace(/\.$/, '')}. Nothing was imported. Correct it there; it takes what "choices" of "drydock dataset show --json" has.`,
    { details: { option: '--options', place } }
  )
}
