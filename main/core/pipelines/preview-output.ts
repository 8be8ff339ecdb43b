import { existsSync, promises as fs } from 'node:fs'
import { WorkbenchError } from '../../model/errors'
import type { OutputPreview, OutputReference } from '../../model/pipeline-run'
import type { JsonValue } from '../../storage/duckdb/database'
import type { WorkspaceContext } from '../workspace/context'
import { assertDigest } from '../../storage/objects/digest-check'
import { isTable, pathOfOutput } from './workspace-files'
import { quoteText } from '../../model/sql-quoting'

const MAX_TEXT = 256 * 1024
/** Far beyond what any report takes. */
const MAX_REPORT = 32 * 1024 * 1024

/** A page of a table, the content of a report, or the beginning of a text; with `whole` also of a long report. */
export async function previewOutput(
  context: WorkspaceContext,
  output: OutputReference,
  offset: number,
  limit: number,
  whole = false
): Promise<OutputPreview> {
  const path = pathOfOutput(context, output)
  if (!existsSync(path))
    throw new WorkbenchError(
      'NOT_FOUND',
      `The output ${output.sha256} is no longer in the workspace. Run the step again to make it anew.`,
      { details: { sha256: output.sha256 } }
    )
  await assertDigest(path, output.sha256, `The output "${output.port}"`, { next: 'run the step again, which makes it anew' })
  if (isTable(output.type)) {
    const page = await context.duckdb.query(`SELECT * FROM read_arrow(${quoteText(path)}) LIMIT ${limit} OFFSET ${offset}`, [], { limit })
    return { kind: 'table', columns: page.columns, rows: page.rows.map((row) => row.map(toCell)), offset, total: output.rows ?? 0 }
  }
  const handle = await fs.open(path, 'r')
  try {
    const most = whole && output.mediaType === 'application/json' ? MAX_REPORT : MAX_TEXT
    const buffer = Buffer.alloc(Math.min(output.size, most))
    await handle.read(buffer, 0, buffer.length, 0)
    const isWhole = output.size <= most
    if (output.mediaType === 'application/json' && isWhole) {
      try {
        return { kind: 'json', value: JSON.parse(buffer.toString('utf8')) }
      } catch {
        // Not JSON after all: shown as the text it is.
      }
    }
    if (buffer.includes(0)) return { kind: 'binary', size: output.size, mediaType: output.mediaType }
    return { kind: 'text', text: buffer.toString('utf8'), truncated: !isWhole }
  } finally {
    await handle.close()
  }
}

const toCell = (value: JsonValue): string | number | boolean | null =>
  value !== null && typeof value === 'object' ? JSON.stringify(value) : value
