import { WorkbenchError } from '../../model/errors'
import { readFrame, type Frame } from '../frames'

/** Adds a column of times or groups, which is no feature; a table that lacks it, or has it in a form that cannot be read, stays as it is. */
export async function addColumn(frame: Frame, table: string, name: string, signal: AbortSignal | undefined): Promise<void> {
  if (frame.columns.has(name)) return
  const own = await readFrame(table, [name], signal).catch((error: unknown) => {
    if (error instanceof WorkbenchError && error.code === 'INVALID_INPUT') return null
    throw error
  })
  if (own) frame.columns.set(name, own.columns.get(name)!)
}
