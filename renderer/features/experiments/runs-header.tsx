import { GitCompareArrows, Pin, PinOff, RotateCcw, Tag, Trash2 } from 'lucide-react'
import { Badge, Button, formatCount, IconButton, KeyHint, PageHeader } from '../../ui'
import type { useRunCommands } from './use-run-commands'
import type { useBaseline, useRuns } from './use-runs'
import { chooseBaseline, useRunsView } from './view-store'

interface RunsHeaderProps {
  facts: ReturnType<typeof useRuns>['facts']
  baseline: ReturnType<typeof useBaseline>
  commands: ReturnType<typeof useRunCommands>
  onTag: () => void
}

/** How many runs there are, the baseline they are held against, and what can be done with the chosen ones. */
export function RunsHeader({ facts, baseline, commands, onTag }: RunsHeaderProps) {
  const view = useRunsView((state) => state)
  const { chosenIds, canCompare, compare, togglePin, discard } = commands
  const one = chosenIds.length === 1
  const countText = facts
    ? facts.total === facts.all
      ? formatCount(facts.all, 'run')
      : `${facts.total.toLocaleString('en-US')} of ${formatCount(facts.all, 'run')}`
    : ''
  return (
    <PageHeader
      title="Experiments"
      status={
        <>
          <span role="status">{countText}</span>
          {view.trashed && (
            <Badge status="neutral" icon={Trash2}>
              trash
            </Badge>
          )}
          {baseline && (
            <span className="flex min-w-0 items-center gap-1">
              <Pin aria-hidden className="size-3 text-accent" />
              <span className="max-w-48 truncate">Baseline {baseline.name}</span>
              <IconButton icon={PinOff} size="sm" label="Unpin the baseline" onClick={() => chooseBaseline(null)} />
            </span>
          )}
        </>
      }
      actions={
        <>
          {chosenIds.length > 0 && view.selection.size > 0 && <span className="text-muted">{view.selection.size} selected</span>}
          <IconButton icon={Pin} label="Pin as baseline" hint={<KeyHint keys="B" />} disabled={!one} onClick={togglePin} />
          <IconButton icon={Tag} label="Tag the runs" hint={<KeyHint keys="T" />} disabled={chosenIds.length === 0} onClick={onTag} />
          <IconButton
            icon={view.trashed ? RotateCcw : Trash2}
            label={view.trashed ? 'Restore the runs' : 'Move to trash'}
            hint={<KeyHint keys="Delete" />}
            disabled={chosenIds.length === 0}
            onClick={discard}
          />
        </>
      }
      primary={
        <Button variant="primary" icon={GitCompareArrows} disabled={!canCompare} onClick={compare} trailing={<KeyHint keys="X" />}>
          Compare
        </Button>
      }
    />
  )
}
