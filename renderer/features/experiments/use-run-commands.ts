import { ChartScatter, Columns3, GitCompareArrows, Pin, RotateCcw, Tag, Trash2 } from 'lucide-react'
import type { RunDetail, RunSummary } from '../../../main/model/run'
import { useHostCommand } from '../../host'
import { formatCount, showToast, useActions } from '../../ui'
import { openComparison, RUN_LIMIT } from './addresses'
import { changeView, chooseBaseline, choosePanel, useRunsView } from './view-store'

interface RunCommandOptions {
  /** The run under the cursor; commands act on it when nothing is selected. */
  active: RunSummary | null
  onActive: (run: RunSummary | null) => void
  baseline: RunDetail | null
  onDialog: (dialog: 'columns' | 'tag') => void
}

/** What can be done with the chosen runs, by button, key and palette. */
export function useRunCommands({ active, onActive, baseline, onDialog }: RunCommandOptions) {
  const view = useRunsView((state) => state)
  const chosenIds = view.selection.size ? [...view.selection] : active ? [active.id] : []
  const restore = useHostCommand('experiments.restore', {
    success: (_output, { ids }) => `${formatCount(ids.length, 'run')} restored.`
  })
  const trash = useHostCommand('experiments.trash', {
    onSuccess: (_output, { ids }) => {
      changeView({ selection: new Set() })
      onActive(null)
      showToast({
        status: 'ok',
        title: `${formatCount(ids.length, 'run')} moved to the trash.`,
        text: 'They still count as trials.',
        action: { label: 'Undo', run: () => void restore.run({ ids }) }
      })
    }
  })
  const compare = () => {
    const ids = baseline ? [baseline.id, ...chosenIds.filter((id) => id !== baseline.id)] : chosenIds
    if (ids.length > RUN_LIMIT)
      showToast({ status: 'warn', title: `At most ${RUN_LIMIT} runs can be compared side by side.`, text: `${ids.length} are selected.` })
    else openComparison(ids, { baseline: baseline?.id })
  }
  const togglePin = () => chooseBaseline(chosenIds[0] === view.baseline ? null : chosenIds[0])
  const canCompare = chosenIds.length + (baseline && !chosenIds.includes(baseline.id) ? 1 : 0) >= 2
  const one = chosenIds.length === 1
  const discard = () =>
    view.trashed
      ? void restore.run({ ids: chosenIds }).then(() => changeView({ selection: new Set() }))
      : void trash.run({ ids: chosenIds })
  const group = 'Experiments'
  useActions([
    {
      id: 'experiments.compare',
      title: 'Compare the selected runs',
      group,
      icon: GitCompareArrows,
      keys: 'X',
      isAvailable: () => canCompare,
      run: compare
    },
    {
      id: 'experiments.pin',
      title: one && chosenIds[0] === view.baseline ? 'Unpin the baseline' : 'Pin the run as baseline',
      group,
      icon: Pin,
      keys: 'B',
      isAvailable: () => one,
      run: togglePin
    },
    {
      id: 'experiments.columns',
      title: 'Choose the columns of the runs',
      group,
      icon: Columns3,
      keys: 'C',
      run: () => onDialog('columns')
    },
    {
      id: 'experiments.tag',
      title: 'Tag the selected runs',
      group,
      icon: Tag,
      keys: 'T',
      isAvailable: () => chosenIds.length > 0,
      run: () => onDialog('tag')
    },
    {
      id: 'experiments.charts',
      title: view.panel === 'closed' ? 'Show the charts of the runs' : 'Hide the charts of the runs',
      group,
      icon: ChartScatter,
      keys: 'H',
      run: () => choosePanel(view.panel === 'closed' ? 'intervals' : 'closed')
    },
    {
      id: 'experiments.discard',
      title: view.trashed ? 'Restore the selected runs' : 'Move the selected runs to the trash',
      group,
      icon: view.trashed ? RotateCcw : Trash2,
      keys: 'Delete',
      isAvailable: () => chosenIds.length > 0,
      run: discard
    }
  ])

  return { chosenIds, canCompare, compare, togglePin, discard }
}
