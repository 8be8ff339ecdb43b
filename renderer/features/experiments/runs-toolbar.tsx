import { ChartScatter, Columns3, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { Button, IconButton, Select, StatusIcon, Toolbar } from '../../ui'
import { FilterField } from './filter-field'
import type { useRuns } from './use-runs'
import { changeList, changeView, choosePanel, useRunsView } from './view-store'

const ALL = '\u0000all'

interface RunsToolbarProps {
  facts: ReturnType<typeof useRuns>['facts']
  known: readonly { name: string; runs: number }[]
  onColumns: () => void
}

/** Which runs are shown, and beside which pictures. */
export function RunsToolbar({ facts, known, onColumns }: RunsToolbarProps) {
  const view = useRunsView((state) => state)
  const vocabulary = useMemo(
    () => ({
      metricKeys: facts?.metricKeys ?? [],
      parameterKeys: facts?.parameterKeys ?? [],
      tagKeys: [...new Set((facts?.runs ?? []).flatMap((run) => Object.keys(run.tags)))],
      experiments: known.map((each) => each.name),
      algorithms: [...new Set((facts?.runs ?? []).map((run) => run.algorithm))]
    }),
    [facts, known]
  )
  return (
    <Toolbar aria-label="Filter and view of the runs">
      {known.length > 1 && (
        <div className="w-48">
          <Select
            aria-label="Experiment"
            value={view.experiment ?? ALL}
            choices={[
              { value: ALL, label: 'All experiments' },
              ...known.map((each) => ({ value: each.name, label: `${each.name} (${each.runs})` }))
            ]}
            onChange={(value) => changeList({ experiment: value === ALL ? null : value })}
          />
        </div>
      )}
      <FilterField value={view.filter} onChange={(text) => changeView({ filter: text })} vocabulary={vocabulary} />
      {(facts?.notes.length ?? 0) > 0 && (
        <span role="status" className="flex items-center gap-1 text-caption text-muted">
          <StatusIcon status="warn" /> {facts!.notes[0]}
        </span>
      )}
      <Button icon={Columns3} onClick={onColumns}>
        Columns
      </Button>
      <IconButton
        icon={Trash2}
        variant="secondary"
        label={view.trashed ? 'Leave the trash' : 'Show the trash'}
        pressed={view.trashed}
        onClick={() => changeList({ trashed: !view.trashed })}
      />
      <IconButton
        icon={ChartScatter}
        variant="secondary"
        label={view.panel === 'closed' ? 'Show the charts' : 'Hide the charts'}
        pressed={view.panel !== 'closed'}
        onClick={() => choosePanel(view.panel === 'closed' ? 'intervals' : 'closed')}
      />
    </Toolbar>
  )
}
