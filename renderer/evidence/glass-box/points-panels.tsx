import { pointsToDouble, probabilityOf, reachOfPoints, type PointsDrawing, type PointsLine } from '../../../main/model/glass-box'
import { BarChart } from '../../charts'
import { formatCount, formatNumber, Panel, VirtualTable, type Column } from '../../ui'

/** The table of a scorecard as a team signs it, how points become a probability, and what each column says. */
export function PointsPanels({ drawing }: { drawing: PointsDrawing }) {
  const { lines, columns, target, event } = drawing
  const out = columns.filter(({ weight }) => weight === null)
  return (
    <section aria-label="Table of points" className="flex flex-col gap-3" data-testid="points">
      <Panel title="Table of points" hint="the whole model: add one line of each column">
        <p className="mb-2">{scaleText(drawing)}</p>
        <div style={{ height: Math.min(520, 44 + 32 * lines.length) }}>
          <VirtualTable
            label="Table of points"
            columns={tableColumns(drawing)}
            rows={lines}
            rowKey={({ feature, bin }) => `${feature} ${bin}`}
            empty={<p className="p-3 text-muted">No column gives points: every row gets {formatNumber(drawing.basePoints)}.</p>}
          />
        </div>
        <p className="mt-1 text-caption text-muted">
          Rows and events ({target} = {String(event)}) are those of the training. Weight of evidence is the log of the share of the rows
          without the event in the bin over the share of the events; above zero the bin is safer than the average.
          {out.length > 0 && ` Without points: ${out.map(({ feature }) => feature).join(', ')}.`}
        </p>
      </Panel>
      <Panel>
        <BarChart
          title="Information value"
          category="Column"
          axis="Information value"
          bars={[...columns]
            .sort((a, b) => b.iv - a.iv)
            .map(({ feature, iv, weight }) => ({ label: weight === null ? `${feature} (left out)` : feature, value: iv }))}
          decimals={3}
          height={300}
        />
        <p className="text-caption text-muted">
          How well the bins of a column alone part events from the rest: below 0.02 hardly at all, above 0.1 useful, above 0.5 so well that
          one should ask why.
        </p>
      </Panel>
    </section>
  )
}

function scaleText(drawing: PointsDrawing): string {
  const { least, most } = reachOfPoints(drawing)
  const share = (points: number): string => `${formatNumber(probabilityOf(drawing, points) * 100, 2)}%`
  return `${formatNumber(pointsToDouble(drawing), 0)} points more halve the odds of the event. A row has ${formatNumber(least)} to ${formatNumber(most)} points, which is a probability of ${share(least)} down to ${share(most)}${drawing.calibrated ? ', before the probabilities were corrected' : ''}. ${formatCount(drawing.lines.length, 'line')} of ${formatCount(drawing.columns.filter(({ weight }) => weight !== null).length, 'column')}.`
}

function tableColumns({ lines, columns }: PointsDrawing): Column<PointsLine>[] {
  const total = new Map<string, number>()
  for (const { feature, rows } of lines) total.set(feature, (total.get(feature) ?? 0) + rows)
  const ivOf = new Map(columns.map(({ feature, iv }) => [feature, iv]))
  const figure = (id: string, header: string, decimals: number, value: (line: PointsLine) => number, width = 100): Column<PointsLine> => ({
    id,
    header,
    numeric: true,
    width,
    value,
    cell: (line) => formatNumber(value(line), decimals)
  })
  return [
    { id: 'feature', header: 'Column', value: ({ feature }) => feature, width: 150, pinned: true },
    { id: 'bin', header: 'Bin', value: ({ bin }) => bin, width: 220, grow: true },
    figure('points', 'Points', 0, ({ points }) => points, 80),
    figure('rows', 'Rows', 0, ({ rows }) => rows, 80),
    figure('share', 'Rows, %', 1, ({ feature, rows }) => (100 * rows) / (total.get(feature) || 1), 80),
    figure('rate', 'Events, %', 1, ({ rows, events }) => (rows > 0 ? (100 * events) / rows : 0), 90),
    figure('woe', 'Weight of evidence', 3, ({ woe }) => woe, 140),
    figure('iv', 'Information value', 4, ({ iv }) => iv, 130),
    figure('column iv', 'Of the column', 3, ({ feature }) => ivOf.get(feature) ?? 0, 110)
  ]
}
