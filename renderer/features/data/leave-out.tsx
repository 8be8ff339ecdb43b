import { Scissors } from 'lucide-react'
import { Button, describeError, formatCount } from '../../ui'
import { leaveColumnsOut, readColumnsAgain, type ImportDraft } from './data-store'

/** Columns without which the file can be read, as the error names them. */
function columnsOf(error: unknown): string[] {
  const found = (describeError(error).details as { leaveOut?: unknown } | undefined)?.leaveOut
  return Array.isArray(found) ? found.filter((name): name is string => typeof name === 'string') : []
}

const named = (columns: readonly string[]): string => (columns.length === 1 ? `"${columns[0]}"` : formatCount(columns.length, 'column'))

/** The way on where some columns of a file cannot be read; nothing where the error names none. */
export function LeaveOutButton({ error, small, onDone }: { error: unknown; small?: boolean; onDone?: () => void }) {
  const columns = columnsOf(error)
  if (columns.length === 0) return null
  return (
    <Button
      variant={small ? undefined : 'primary'}
      size={small ? 'sm' : 'md'}
      icon={Scissors}
      onClick={() => {
        leaveColumnsOut(columns)
        onDone?.()
      }}
    >
      Leave {named(columns)} out
    </Button>
  )
}

/** What was left out because it cannot be read, with the way back. */
export function LeftOut({ draft }: { draft: ImportDraft }) {
  const { leftOut = [] } = draft
  if (leftOut.length === 0) return null
  return (
    <section aria-label="Left out" className="flex flex-col gap-1 rounded-md border bg-surface-1 p-2 text-caption" data-selectable>
      <p className="[overflow-wrap:anywhere]">
        {leftOut.map((name) => `"${name}"`).join(', ')} cannot be read and {leftOut.length === 1 ? 'is' : 'are'} left out.
      </p>
      <Button size="sm" className="ml-auto" onClick={readColumnsAgain}>
        Read again
      </Button>
    </section>
  )
}
