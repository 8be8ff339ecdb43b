import { countOf } from '../../../main/model/count-of'
import type { Explanation } from '../../../main/model/explanation'
import { BarChart } from '../../charts'
import { Panel } from '../../ui'

interface ShuffledPanelProps {
  permutation: NonNullable<Explanation['permutation']>
  /** Columns that are drawn at most. */
  most: number
}

/** What the model needs to be right, beside what moves it: the loss of its figure of skill when a column is shuffled. */
export function ShuffledPanel({ permutation: { metric, rows, repeats, clusters, features }, most }: ShuffledPanelProps) {
  return (
    <Panel>
      <BarChart
        title="What the model loses when a column is shuffled"
        category="Column"
        axis={metric}
        bars={features.slice(0, most).map(({ feature, loss, low, high }) => ({ label: feature, value: loss, low, high }))}
        height={440}
      />
      <p className="text-caption text-muted">
        Mean of {countOf(repeats, 'shuffle')} over {countOf(rows, 'row')} with a known outcome, with its 95% interval
        {clusters === null ? '' : `, for which rows of the same ${clusters} were drawn together`}. A column that others can stand in for
        loses little.
      </p>
    </Panel>
  )
}
