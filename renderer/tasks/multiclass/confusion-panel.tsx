import { useMemo } from 'react'
import { BarChart, ConfusionMatrix } from '../../charts'
import { formatNumber, Panel, VirtualTable, type Column, tableHeight } from '../../ui'
import { confusionsOf, type Confused } from './confusions'
import type { JudgedClasses } from './judged'

/** A matrix with more classes than this cannot be read; its largest confusions can. */
const mostDrawn = 30
const mostBars = 20

/** Which classes are taken for which: the matrix, or with very many classes the largest confusions, and every confusion in a table. */
export function ConfusionPanel({ evaluation }: { evaluation: JudgedClasses }) {
  const { target, confusion } = evaluation
  const confused = useMemo(() => confusionsOf(target.classes, confusion), [target.classes, confusion])
  const wrong = confused.reduce((sum, each) => sum + each.rows, 0)
  const right = evaluation.rows.judged - wrong
  return (
    <Panel title="Confusion matrix" hint={`${formatNumber(right)} of ${formatNumber(evaluation.rows.judged)} rows right`}>
      {target.classes.length <= mostDrawn ? (
        <ConfusionMatrix title="Rows" labels={target.classes.map(String)} counts={confusion} />
      ) : (
        <BarChart
          title="Largest confusions"
          category="Class, and what it was taken for"
          axis="Rows"
          decimals={0}
          height={300}
          empty="No row was decided wrongly."
          bars={confused.slice(0, mostBars).map(({ was, decided, rows }) => ({ label: `${was} as ${decided}`, value: rows }))}
        />
      )}
      <div className="mt-2" style={{ height: tableHeight(confused.length, 208) }}>
        <VirtualTable
          label="Confusions"
          name="confusions"
          columns={columns}
          rows={confused}
          rowKey={({ was, decided }) => `${was}\u0000${decided}`}
          empty={<p className="p-3 text-muted">No row was decided wrongly.</p>}
        />
      </div>
    </Panel>
  )
}

const columns: Column<Confused>[] = [
  { id: 'was', header: 'Class', value: ({ was }) => was, width: 150, pinned: true },
  { id: 'decided', header: 'Taken for', value: ({ decided }) => decided, width: 150 },
  { id: 'rows', header: 'Rows', numeric: true, width: 80, value: ({ rows }) => rows },
  {
    id: 'share',
    header: 'Of the class',
    numeric: true,
    width: 110,
    value: ({ share }) => share,
    cell: ({ share }) => `${formatNumber(share * 100, 1)}%`
  }
]
