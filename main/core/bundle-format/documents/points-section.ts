import { pointsToDouble, probabilityOf, reachOfPoints } from '../../../model/glass-box'
import type { ModelCard } from '../../../model/model-card'
import { formatNumber, html, htmlTable, type PageSection } from '../../reports'

/** The table of a scorecard, which is the whole model; null for other models, and on cards of before. */
export function pointsSection({ points }: ModelCard): PageSection | null {
  if (!points) return null
  const { least, most } = reachOfPoints(points)
  const share = (value: number): string => `${formatNumber(probabilityOf(points, value) * 100, 3)} %`
  const out = points.columns.filter(({ weight }) => weight === null).map(({ feature }) => feature)
  return {
    id: 'points',
    title: 'Table of points',
    lead: `A row has the points of one line of each column${points.basePoints === 0 ? '' : ` and ${points.basePoints} more`}. ${formatNumber(Math.round(pointsToDouble(points)))} points more halve the odds of ${points.target} = ${String(points.event)}: ${least} points are a probability of ${share(least)}, ${most} points one of ${share(most)}${points.calibrated ? ', before the probabilities were corrected' : ''}.`,
    body: html`${htmlTable({
      caption: 'Every line of the scorecard; rows and events are those of the training',
      columns: [
        { title: 'Column' },
        { title: 'Bin' },
        { title: 'Points', align: 'number' },
        { title: 'Rows', align: 'number' },
        { title: 'Events', align: 'number' },
        { title: 'Weight of evidence', align: 'number' },
        { title: 'Information value', align: 'number' }
      ],
      rows: points.lines.map(({ feature, bin, points: worth, rows, events, woe, iv }) => [
        feature,
        bin,
        formatNumber(worth),
        formatNumber(Math.round(rows)),
        formatNumber(Math.round(events)),
        formatNumber(woe, 3),
        formatNumber(iv, 3)
      ])
    })}
    ${out.length > 0 ? html`<p>Without points, for too little information beyond the others: ${out.join(', ')}.</p>` : ''}`
  }
}
