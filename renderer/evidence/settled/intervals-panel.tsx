import { countsAs } from '../../../main/model/calibration'
import { intervalWords, isSetScore, measuredWords, type IntervalsRecord, type MeasuredIntervals } from '../../../main/model/conformal'
import { BarChart, ForestPlot } from '../../charts'
import { formatAuto, formatNumber, KeyValueList, NO_VALUE, Panel, VirtualTable, type Column } from '../../ui'
import { Warnings } from './warnings'

const percent = (value: number): string => `${formatNumber(value * 100, 1)}%`

interface IntervalsPanelProps {
  record: IntervalsRecord
  measured: MeasuredIntervals | null
  unmeasured: string
}

/** What share of outcomes was promised to lie within and what share did, how large that is, and the same of each class or tenth. */
export function IntervalsPanel({ record, measured, unmeasured }: IntervalsPanelProps) {
  const { intervals, rows, effectiveRows, expected, warnings } = record
  const isSet = isSetScore(intervals.score)
  const ofSets = (size: number | null): string =>
    size === null ? NO_VALUE : isSet ? `${formatNumber(size, 2)} classes a row` : `mean width ${formatAuto(size)}`
  const sizes = [...(measured ? [ofSets(measured.size)] : []), `${ofSets(record.size)} on the rows of the promise`].join('; ')
  return (
    <Panel title={isSet ? 'Sets of classes' : 'Intervals'} hint={`${percent(intervals.coverage)} promised`}>
      <KeyValueList
        className="tabular-nums"
        labelWidth={140}
        items={[
          { label: 'Promised', value: `${percent(intervals.coverage)} of new outcomes within: ${intervalWords(intervals)}` },
          { label: 'Expected', value: `between ${percent(expected.lower)} and ${percent(expected.upper)} with so many rows` },
          { label: 'Measured', value: measured ? measuredWords(measured) : unmeasured },
          {
            label: isSet ? 'Size' : 'Width',
            value: sizes
          },
          {
            label: 'Rows used',
            value: `${formatNumber(rows.used)} of ${formatNumber(rows.read)}${countsAs(intervals.weight, effectiveRows)}`
          }
        ]}
      />
      {measured && measured.parts.length > 0 && <Parts measured={measured} isSet={isSet} />}
      {isSet && <Sizes sizes={measured?.sizes ?? record.sizes ?? []} />}
      <p className="mt-1 text-caption text-muted">
        Split-conformal: it holds over all rows that are drawn like those of the promise, and need not hold in each part. The dashed line is
        the promise; bars are 95% intervals (Wilson).
      </p>
      <Warnings of={warnings} />
    </Panel>
  )
}

type Part = MeasuredIntervals['parts'][number]

function Parts({ measured: { parts, promised }, isSet }: { measured: MeasuredIntervals; isSet: boolean }) {
  const size = isSet ? 'Classes a row' : 'Mean width'
  const columns: Column<Part>[] = [
    { id: 'name', header: isSet ? 'Class' : 'Prediction', value: ({ name }) => name, width: 126, grow: true, pinned: true },
    { ...{ id: 'rows', header: 'Rows', width: 70, numeric: true }, value: ({ rows }) => rows },
    {
      ...{ id: 'covered', header: 'Within', width: 84, numeric: true },
      value: ({ covered }) => covered,
      cell: ({ covered }) => percent(covered)
    },
    {
      ...{ id: 'interval', header: '95% interval', width: 140, numeric: true },
      value: ({ lower }) => lower,
      cell: ({ lower, upper }) => `${percent(lower)} to ${percent(upper)}`
    },
    {
      ...{ id: 'size', header: size, width: 110, numeric: true },
      value: (part) => part.size,
      cell: (part) => (part.size === null ? NO_VALUE : isSet ? formatNumber(part.size, 2) : formatAuto(part.size))
    }
  ]
  return (
    <>
      <ForestPlot
        title={isSet ? 'Within the set, by class' : 'Within the interval, by tenth of the predictions'}
        axis="Share within"
        reference={promised}
        plain
        rows={parts.map(({ name, covered, lower, upper }) => ({ key: name, label: name, value: covered, low: lower, high: upper }))}
        height={300}
      />
      <div className="mt-2" style={{ height: Math.min(400, 44 + 32 * parts.length) }}>
        <VirtualTable label="Coverage by part" columns={columns} rows={parts} rowKey={({ name }) => name} empty={<p>No parts.</p>} />
      </div>
    </>
  )
}

/** How many rows got how many classes. */
function Sizes({ sizes }: { sizes: readonly number[] }) {
  const all = sizes.reduce((sum, each) => sum + each, 0)
  return (
    <BarChart
      title="Size of the sets"
      category="Classes in the set"
      axis="Rows, %"
      bars={sizes.map((count, size) => ({ label: String(size), value: (100 * count) / all }))}
      decimals={1}
    />
  )
}
