import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { readRemembered, remember, type SortOrder } from '../../ui'

export type SidePanel = 'intervals' | 'trade-off' | 'closed'
export interface ChosenColumns {
  metrics: readonly string[]
  parameters: readonly string[]
}

/** What the person is doing on the runs page; facts of runs stay in the query cache. */
export interface RunsView {
  /** Name of the experiment; null shows all. */
  experiment: string | null
  /** As typed; what is applied is the last text without a mistake. */
  filter: string
  sort: SortOrder
  selection: ReadonlySet<string>
  /** Id of the run that others are compared with. */
  baseline: string | null
  /** By experiment ('' for all); without an entry the page chooses. */
  columns: Readonly<Record<string, ChosenColumns>>
  trashed: boolean
  panel: SidePanel
  /** Metrics of the interval charts; null follows the primary metric. */
  chartMetrics: readonly string[] | null
  tradeOff: { x: string; y: string } | null
}

const COLUMNS = 'experiments.columns'
const BASELINE = 'experiments.baseline'
const PANEL = 'experiments.panel'

function readColumns(): Record<string, ChosenColumns> {
  try {
    const parsed: unknown = JSON.parse(readRemembered(COLUMNS) ?? '{}')
    if (typeof parsed !== 'object' || parsed === null) return {}
    const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string')
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([name, value]: [string, unknown]) => {
        const { metrics, parameters } = (value ?? {}) as Record<string, unknown>
        return isTexts(metrics) && isTexts(parameters) ? [[name, { metrics, parameters }]] : []
      })
    )
  } catch {
    return {}
  }
}

const panelOf = (word: string | null): SidePanel => (word === 'trade-off' || word === 'closed' ? word : 'intervals')

export const newestFirst: SortOrder = { column: 'startedAt', direction: 'descending' }

export const runsView = createStore<RunsView>(() => ({
  experiment: null,
  filter: '',
  sort: newestFirst,
  selection: new Set<string>(),
  baseline: readRemembered(BASELINE),
  columns: readColumns(),
  trashed: false,
  panel: panelOf(readRemembered(PANEL)),
  chartMetrics: null,
  tradeOff: null
}))

export function useRunsView<T>(select: (view: RunsView) => T): T {
  return useStore(runsView, select)
}

export const changeView = (change: Partial<RunsView>): void => runsView.setState(change)

/** Another list: what was selected in the former one would act unseen. */
export const changeList = (change: Pick<Partial<RunsView>, 'experiment' | 'filter' | 'trashed'>): void =>
  runsView.setState({ ...change, selection: new Set() })

export function chooseColumns(experiment: string | null, columns: ChosenColumns): void {
  const all = { ...runsView.getState().columns, [experiment ?? '']: columns }
  runsView.setState({ columns: all })
  remember(COLUMNS, JSON.stringify(all))
}

export function chooseBaseline(run: string | null): void {
  runsView.setState({ baseline: run })
  remember(BASELINE, run ?? '')
}

export function choosePanel(panel: SidePanel): void {
  runsView.setState({ panel })
  remember(PANEL, panel)
}
