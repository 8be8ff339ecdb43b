import { formatNumber } from '../ui'
import { ChartFrame, type ChartProps } from './chart-frame'
import { chartFont } from './svg-parts'

export interface ConfusionMatrixProps extends ChartProps {
  /** Class names; `counts[actual][predicted]`. */
  labels: readonly string[]
  counts: readonly (readonly number[])[]
  /** The decision threshold the counts belong to. */
  threshold?: number
}

/** Width and height of a cell, and what it says besides its shade: fewer words the more classes there are. */
const sizeFor = (classes: number) =>
  classes <= 5
    ? { cell: 92, rowHeight: 52, hasCount: true, hasShare: true, letters: 14 }
    : classes <= 12
      ? { cell: 56, rowHeight: 30, hasCount: true, hasShare: false, letters: 8 }
      : { cell: 22, rowHeight: 22, hasCount: false, hasShare: false, letters: 14 }

/** Counts with the share of the actual class; the shade is that share. */
export function ConfusionMatrix({ labels, counts, threshold, ...frame }: ConfusionMatrixProps) {
  const sums = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  const total = sums.reduce((sum, count) => sum + count, 0)
  const { cell, rowHeight, hasCount, hasShare, letters } = sizeFor(labels.length)
  const isNarrow = !hasCount
  const left = 116
  const top = isNarrow ? 104 : 44
  const width = left + labels.length * cell + (isNarrow ? 40 : 8)
  const height = top + labels.length * rowHeight + 6
  return (
    <ChartFrame
      {...frame}
      isEmpty={total === 0}
      table={{
        columns: [{ header: 'Actual' }, ...labels.map((label) => ({ header: `Predicted ${label}`, numeric: true }))],
        rows: counts.map((row, index) => [labels[index], ...row])
      }}
    >
      <div className="overflow-auto">
        <svg
          data-chart
          role="img"
          aria-label={`${frame.title}: ${total} cases`}
          width={width}
          height={height}
          className="block"
          {...chartFont}
        >
          <text x={left + (labels.length * cell) / 2} y={12} textAnchor="middle" fill="var(--muted)">
            {threshold === undefined ? 'Predicted' : `Predicted at threshold ${formatNumber(threshold, 2)}`}
          </text>
          <text transform={`translate(12 ${top + (labels.length * rowHeight) / 2}) rotate(-90)`} textAnchor="middle" fill="var(--muted)">
            Actual
          </text>
          {labels.map((label, index) => (
            <g key={label}>
              <text
                {...(isNarrow
                  ? { transform: `translate(${left + index * cell + cell / 2 + 4} ${top - 6}) rotate(-60)` }
                  : { x: left + index * cell + cell / 2, y: 34, textAnchor: 'middle' as const })}
                fill="var(--ink)"
              >
                {label.slice(0, letters)}
              </text>
              <text x={left - 8} y={top + index * rowHeight + rowHeight / 2} textAnchor="end" dominantBaseline="central" fill="var(--ink)">
                {label.slice(0, 14)}
              </text>
            </g>
          ))}
          {counts.map((row, actual) =>
            row.map((count, predicted) => {
              const share = sums[actual] ? count / sums[actual] : 0
              const x = left + predicted * cell
              const y = top + actual * rowHeight
              return (
                <g key={`${actual}-${predicted}`}>
                  <rect
                    x={x + 1}
                    y={y + 1}
                    width={cell - 2}
                    height={rowHeight - 2}
                    rx={isNarrow ? 2 : 3}
                    fill="var(--data-1)"
                    fillOpacity={0.06 + share * 0.34}
                    stroke={actual === predicted ? 'var(--line-strong)' : 'var(--line)'}
                  />
                  <title>{`${labels[actual]} as ${labels[predicted]}: ${formatNumber(count)}, ${formatNumber(share * 100, 1)}%`}</title>
                  {hasCount && (hasShare || count > 0) && (
                    <text
                      x={x + cell / 2}
                      y={y + (hasShare ? 22 : 19)}
                      textAnchor="middle"
                      fill="var(--ink)"
                      fontSize={13}
                      fontWeight={600}
                    >
                      {formatNumber(count)}
                    </text>
                  )}
                  {hasShare && (
                    <text x={x + cell / 2} y={y + 38} textAnchor="middle" fill="var(--ink)">
                      {formatNumber(share * 100, 1)}%
                    </text>
                  )}
                </g>
              )
            })
          )}
        </svg>
      </div>
    </ChartFrame>
  )
}
