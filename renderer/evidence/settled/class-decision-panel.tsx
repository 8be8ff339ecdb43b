import { countsAs } from '../../../main/model/calibration'
import { savedWords, type ClassDecisionRecord } from '../../../main/model/class-decision'
import { ForestPlot } from '../../charts'
import { formatCount, formatNumber, KeyValueList, NO_VALUE, Panel, VirtualTable, type Column } from '../../ui'
import { Warnings } from './warnings'

const percent = (value: number): string => `${formatNumber(value * 100, 1)}%`

/** What each decision costs, what the class of least expected cost saves on the rows, and what it changes for each class. */
export function ClassDecisionPanel({ record }: { record: ClassDecisionRecord }) {
  const { rows, chosen, likeliest, single, warnings } = record
  const ways = [
    { name: 'Least expected cost', ...chosen.cost },
    { name: 'Likeliest class', ...likeliest.cost },
    { name: `Always ${single.name}`, value: single.cost, lower: null, upper: null }
  ]
  return (
    <Panel title="Decision" hint="class of least expected cost">
      <ForestPlot
        title="Cost a row"
        direction="lower"
        axis="Cost a row"
        plain
        rows={ways.map(({ name, value, lower, upper }) => ({ key: name, label: name, value, low: lower, high: upper }))}
        decimals={4}
        height={130}
      />
      <KeyValueList
        className="mt-2 tabular-nums"
        labelWidth={140}
        items={[
          { label: 'Verdict', value: savedWords(record) },
          { label: 'Rightly decided', value: `${percent(chosen.accuracy)}, by the likeliest class ${percent(likeliest.accuracy)}` },
          {
            label: 'Rows used',
            value: `${formatNumber(rows.used)} of ${formatNumber(rows.read)}, of ${formatCount(rows.classes.length, 'class', 'classes')}${countsAs(rows.weight)}`
          }
        ]}
      />
      <Decisions record={record} />
      <Mistakes record={record} />
      <p className="mt-1 text-caption text-muted">
        The costs were given and no row chose them, so these rows only measure what they do. 95% intervals are normal, row by row, and where
        fewer than 20 rows cost other than the usual Wilson&rsquo;s of the dearest decision. Taking probabilities at their word needs
        calibrated ones.
      </p>
      <Warnings of={warnings} />
    </Panel>
  )
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0)

interface ClassRow {
  name: string
  came: number
  decided: number
  likeliest: number
}

/** How often each class is decided for. */
function Decisions({ record: { rows, matrix, chosen, likeliest } }: { record: ClassDecisionRecord }) {
  const total = sumOf(matrix.flat())
  const all = rows.classes.map(({ name }, place): ClassRow => ({
    name,
    // Counted as the decisions are: by weight where rows have one.
    came: sumOf(matrix[place]!) / total,
    decided: chosen.decided[place]!,
    likeliest: likeliest.decided[place]!
  }))
  const shareColumn = (id: 'came' | 'decided' | 'likeliest', header: string): Column<ClassRow> => ({
    ...{ id, header, width: 130, numeric: true },
    value: (row) => row[id],
    cell: (row) => formatNumber(row[id] * 100, 1)
  })
  return (
    <div className="mt-2" style={{ height: Math.min(300, 44 + 32 * all.length) }}>
      <VirtualTable
        label="How often each class is decided for"
        columns={[
          { id: 'name', header: 'Class', value: ({ name }) => name, width: 130, grow: true, pinned: true },
          shareColumn('came', 'Observed, %'),
          shareColumn('decided', 'Decided for, %'),
          shareColumn('likeliest', 'Likeliest, %')
        ]}
        rows={all}
        rowKey={({ name }) => name}
        empty={<p>No classes.</p>}
      />
    </div>
  )
}

interface Mistake {
  key: string
  was: string
  decided: string
  cost: number
  rows: number
  paid: number
}

/** What was decided of each class, and what it cost; the dearest first. */
function Mistakes({ record: { rows, rule, matrix } }: { record: ClassDecisionRecord }) {
  const total = sumOf(matrix.flat())
  const all = rows.classes
    .flatMap(({ name: was }, line) =>
      rows.classes.map(({ name: decided }, column): Mistake => {
        const [cost, count] = [rule.costs[line]![column]!, matrix[line]![column]!]
        return { key: `${line} ${column}`, was, decided, cost, rows: count, paid: (cost * count) / total }
      })
    )
    .filter(({ rows: count, cost }) => count > 0 || cost > 0)
    .sort((a, b) => b.paid - a.paid || b.cost - a.cost)
  const number = (id: 'cost' | 'rows' | 'paid', header: string, decimals: number): Column<Mistake> => ({
    ...{ id, header, width: 100, numeric: true },
    value: (row) => row[id],
    cell: (row) => (Number.isFinite(row[id]) ? formatNumber(row[id], Number.isInteger(row[id]) ? 0 : decimals) : NO_VALUE)
  })
  return (
    <div className="mt-2" style={{ height: Math.min(330, 44 + 32 * all.length) }}>
      <VirtualTable
        label="What each decision costs"
        columns={[
          { id: 'was', header: 'Class', value: ({ was }) => was, width: 120, grow: true, pinned: true },
          { id: 'decided', header: 'Decided for', value: ({ decided }) => decided, width: 120 },
          number('cost', 'Cost of each', 4),
          number('rows', rows.weight === undefined ? 'Rows' : 'Rows, by weight', 1),
          number('paid', 'Cost a row', 4)
        ]}
        rows={all}
        rowKey={({ key }) => key}
        empty={<p>No decision costs anything.</p>}
      />
    </div>
  )
}
