import { WorkbenchError } from '../../model/errors'

const formatNames = { parquet: 'Parquet', arrow: 'Arrow' } as const

/** The engine's own first line, without what it says about SQL: the person wrote none. */
function engineWords(error: unknown): string {
  const cause = error instanceof WorkbenchError && error.cause instanceof Error ? error.cause : error
  const [line] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  return line
    .replace(/^[A-Z][A-Za-z ]*Error: /, '')
    .replace(/["']([^"']*[\\/]source\.(?:parquet|arrow))["']/g, '$1')
    .replace(/[\p{C}\uFFFD]+/gu, ' ')
    .replace(/[.:\s]+$/, '')
    .slice(0, 300)
}

/** True for what says nothing about the file: cancelled, no room on the disk. */
const isElsewhere = (error: unknown): boolean =>
  error instanceof WorkbenchError && (error.code === 'CANCELLED' || error.code === 'DISK_FULL')

/** One piece of memory larger than this is a number that a damaged file made up. Bytes. */
const plausiblePiece = 2 ** 33

/** What a failure of the engine over the private copy means for the file. Readers of ours say it themselves. */
export function fileError(error: unknown, fileName: string, format: 'parquet' | 'arrow', columns: readonly string[] = []): unknown {
  if (isElsewhere(error) || (error instanceof WorkbenchError && !(error.cause instanceof Error))) return error
  const words = engineWords(error)
  const asked = Number(/(?:allocate|size of) [^0-9]*(\d{6,})/.exec(words)?.[1] ?? 0)
  if (error instanceof WorkbenchError && error.code === 'OUT_OF_MEMORY' && asked < plausiblePiece)
    return new WorkbenchError(
      'OUT_OF_MEMORY',
      `"${fileName}" needs more memory than there is, or is damaged so that it seems to: ${words}. Nothing was imported. Leave out columns that you do not need, or write the file with smaller row groups.`,
      { cause: error, details: { columns } }
    )
  const named = columns.map((name) => `"${name}"`).join(', ')
  const what =
    columns.length > 0
      ? `Column${columns.length > 1 ? 's' : ''} ${named} of "${fileName}" cannot be read: ${words}. The file is damaged there, or holds values or a form of ${formatNames[format]} that are not read here. Nothing was imported. Leave ${columns.length > 1 ? 'them' : 'it'} out to import the others, or copy or export the file again.`
      : `"${fileName}" cannot be read as ${formatNames[format]}: ${words}. It may be cut off or damaged. Nothing was imported. Copy or export it again.`
  return new WorkbenchError('INVALID_INPUT', what, { cause: error, details: { columns, ...(columns.length > 0 && { leaveOut: columns }) } })
}

/** The items without which `attempt` works: halved until each failing one is alone. */
export async function failingItems<T>(items: readonly T[], attempt: (some: readonly T[]) => Promise<unknown>): Promise<T[]> {
  try {
    await attempt(items)
    return []
  } catch (error) {
    if (isElsewhere(error)) throw error
    if (items.length <= 1) return [...items]
    const middle = items.length >> 1
    return [...(await failingItems(items.slice(0, middle), attempt)), ...(await failingItems(items.slice(middle), attempt))]
  }
}
