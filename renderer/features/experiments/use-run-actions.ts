import { ArrowLeft, BadgeCheck, GitCompareArrows, Pin, ShieldCheck, Trash2 } from 'lucide-react'
import type { RunDetail } from '../../../main/model/run'
import { glassBoxTitle, hasSettled, settledTitle } from '../../evidence'
import { useHostCommand } from '../../host'
import { navigate, showToast, useActions } from '../../ui'
import { openComparison } from './addresses'
import { useBaseline } from './use-runs'
import { chooseBaseline, useRunsView } from './view-store'

export const runTabs = [
  'evaluation',
  'training',
  'settled',
  'folds',
  'model',
  'why',
  'parameters',
  'data',
  'code',
  'environment',
  'artifacts',
  'gates',
  'notes'
] as const
export type RunTab = (typeof runTabs)[number]

export type RunActions = ReturnType<typeof useRunActions>

/** What can be done with one run, by its buttons, by keys and in the palette. */
export function useRunActions(run: RunDetail, { show, ask }: { show: (tab: RunTab) => void; ask: (dialog: 'register' | 'gate') => void }) {
  const baseline = useBaseline()
  const pinned = useRunsView((view) => view.baseline) === run.id
  const restore = useHostCommand('experiments.restore', { success: 'The run was restored.' })
  const trash = useHostCommand('experiments.trash', {
    onSuccess: (_output, { ids }) =>
      showToast({ status: 'ok', title: 'The run was moved to the trash.', action: { label: 'Undo', run: () => void restore.run({ ids }) } })
  })
  const hasModel = run.artifacts.some((artifact) => artifact.kind === 'model')
  const comparable = baseline !== null && baseline.id !== run.id
  const compare = () => baseline && openComparison([baseline.id, run.id])
  const togglePin = () => chooseBaseline(pinned ? null : run.id)
  const toggleTrash = () => void (run.trashedAt ? restore : trash).run({ ids: [run.id] })
  const group = 'Run'
  useActions([
    {
      id: 'run.register',
      title: 'Register as model',
      group,
      icon: BadgeCheck,
      isAvailable: () => hasModel,
      run: () => ask('register')
    },
    { id: 'run.gate', title: 'Run a gate over this run', group, icon: ShieldCheck, keys: 'G', run: () => ask('gate') },
    {
      id: 'run.compare',
      title: 'Compare with the baseline',
      group,
      icon: GitCompareArrows,
      keys: 'X',
      isAvailable: () => comparable,
      run: () => void compare()
    },
    { id: 'run.pin', title: pinned ? 'Unpin the baseline' : 'Pin this run as baseline', group, icon: Pin, keys: 'B', run: togglePin },
    {
      id: 'run.trash',
      title: run.trashedAt ? 'Restore this run' : 'Move this run to the trash',
      group,
      icon: Trash2,
      keys: 'Delete',
      run: toggleTrash
    },
    { id: 'run.back', title: 'Back to the runs', group, icon: ArrowLeft, run: () => navigate('experiments') },
    ...runTabs
      .filter((name) => (name !== 'model' || glassBoxTitle(run.algorithm) !== null) && (name !== 'settled' || hasSettled(run.artifacts)))
      .map((name) => ({
        id: `run.tab.${name}`,
        title: name === 'settled' ? `Show "${settledTitle}" of the run` : `Show ${name} of the run`,
        group,
        run: () => show(name)
      }))
  ])
  return { pinned, hasModel, comparable, compare, togglePin, toggleTrash }
}
