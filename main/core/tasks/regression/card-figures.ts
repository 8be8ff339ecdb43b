import { statisticWords, type ResidualBin } from '../../../model/tasks/regression'
import type { Estimate } from '../../../model/tasks'
import { formatNumber, html, htmlFigure, svgBarChart, svgHistogram, svgLineChart, type Html } from '../../reports'
import { figure } from './baseline'
import type { AmountCard } from './card-value'

type Evaluation = AmountCard & { rows: number }

/** Features whose residuals are drawn; the evaluation holds all of them. */
const mostDrawn = 6
const numbers = (titles: readonly string[]) => titles.map((title) => ({ title, align: 'number' as const }))
const bound = (value: number | null): string => (value === null ? '' : figure(value))

const withInterval = (name: string, { value, interval }: Estimate): string =>
  value === null || interval === null
    ? `The ${name} has no value.`
    : `${name[0]!.toUpperCase()}${name.slice(1)} ${figure(value)} (95 % CI ${figure(interval.lower)} to ${figure(interval.upper)}).`

function calibrationFigure({ calibration, reliability, aim }: Evaluation): Html | '' {
  if (calibration.length === 0) return ''
  const { bias, slope, intercept } = reliability
  const line = slope && intercept ? ` ${withInterval('slope', slope)} ${withInterval('intercept', intercept)} 1 and 0 are calibrated.` : ''
  const reading = `${withInterval('bias', bias)}${line} On the dashed line, predictions come true.`
  const ends = calibration.flatMap((bin) => [bin.predicted, bin.observed])
  const [from, to] = [Math.min(...ends), Math.max(...ends)]
  return htmlFigure({
    title: 'Calibration',
    reading,
    chart: svgLineChart({
      title: 'Calibration',
      description: reading,
      x: { title: 'Mean prediction of the tenth' },
      y: { title: `Outcome (${statisticWords(aim)})` },
      series: [
        {
          name: 'Tenths of the rows with 95 % intervals',
          style: 'markers',
          points: calibration.map((bin) => [bin.predicted, bin.observed] as const),
          intervals: calibration.flatMap((bin) =>
            bin.lower === null || bin.upper === null ? [] : [[bin.predicted, bin.lower, bin.upper] as const]
          )
        }
      ],
      ...(to > from && { reference: { name: 'Perfect calibration', from: [from, from] as const, to: [to, to] as const } })
    }),
    table: {
      columns: numbers(['Predicted', 'Observed', 'Lower', 'Upper', 'Rows']),
      rows: calibration.map((bin) => [
        figure(bin.predicted),
        figure(bin.observed),
        bound(bin.lower),
        bound(bin.upper),
        formatNumber(bin.count)
      ])
    }
  })
}

const residualTable = (first: string, bins: readonly ResidualBin[]) => ({
  columns: [{ title: first }, ...numbers(['Mean residual', 'Lower', 'Upper', '5 % point', '95 % point', 'Rows'])],
  rows: bins.map((bin) => [
    bin.label,
    figure(bin.mean),
    bound(bin.lower),
    bound(bin.upper),
    figure(bin.low),
    figure(bin.high),
    formatNumber(bin.count)
  ])
})

function residualFigure({ residuals: { predicted } }: Evaluation): Html | '' {
  const bins = predicted.flatMap((bin) => (bin.from === undefined || bin.to === undefined ? [] : [{ ...bin, at: (bin.from + bin.to) / 2 }]))
  if (bins.length === 0) return ''
  const [least, most] = [Math.min(...bins.map(({ at }) => at)), Math.max(...bins.map(({ at }) => at))]
  const reading =
    'Mean of outcome minus prediction by size of the prediction, with 95 % intervals. Off the dashed line the model could know more.'
  return htmlFigure({
    title: 'Residuals by prediction',
    reading,
    chart: svgLineChart({
      title: 'Residuals by prediction',
      description: reading,
      x: { title: 'Prediction (middle of the bin)' },
      y: { title: 'Outcome minus prediction' },
      series: [
        {
          name: 'Mean residual',
          style: 'markers',
          points: bins.map((bin) => [bin.at, bin.mean] as const),
          intervals: bins.flatMap((bin) => (bin.lower === null || bin.upper === null ? [] : [[bin.at, bin.lower, bin.upper] as const]))
        }
      ],
      ...(most > least && { reference: { name: 'No residual', from: [least, 0] as const, to: [most, 0] as const } })
    }),
    table: residualTable('Prediction', predicted)
  })
}

/** Features by how surely their worst bin is off, and by how much. */
function worstFeatures({ residuals }: Evaluation) {
  const offOf = (bins: readonly ResidualBin[]): number =>
    Math.max(0, ...bins.map(({ lower, upper }) => (lower === null || upper === null ? 0 : Math.max(lower, -upper))))
  return residuals.features
    .map((each) => ({ ...each, off: offOf(each.bins) }))
    .filter(({ bins }) => bins.length > 1)
    .sort((a, b) => b.off - a.off)
    .slice(0, mostDrawn)
}

const featureFigure = ({ feature, bins }: { feature: string; bins: readonly ResidualBin[] }): Html =>
  htmlFigure({
    title: `Residuals by ${feature}`,
    reading: 'Mean of outcome minus prediction, with 95 % intervals.',
    chart: svgBarChart({
      title: `Residuals by ${feature}`,
      description: 'Mean of outcome minus prediction',
      value: { title: 'Outcome minus prediction' },
      bars: bins.map((bin) => ({
        label: bin.label,
        value: bin.mean,
        ...(bin.lower !== null && bin.upper !== null && { low: bin.lower, high: bin.upper })
      }))
    }),
    table: residualTable(feature, bins)
  })

function errorFigure({ errors: { bins, below, above } }: Evaluation): Html | '' {
  if (bins.length === 0) return ''
  const beyond = below + above > 0 ? ` ${formatNumber(below)} rows lie below and ${formatNumber(above)} above what is drawn.` : ''
  const reading = `Outcome minus prediction of the judged rows.${beyond}`
  return htmlFigure({
    title: 'Distribution of residuals',
    reading,
    chart: svgHistogram({
      title: 'Distribution of residuals',
      description: reading,
      x: { title: 'Outcome minus prediction' },
      y: { title: 'Rows', minimum: 0 },
      series: ['Rows'],
      bins: bins.map(({ from, to, count }) => ({ from, to, counts: [count] })),
      reference: { name: 'No residual', value: 0 }
    }),
    table: {
      columns: numbers(['From', 'To', 'Rows']),
      rows: bins.map(({ from, to, count }) => [figure(from), figure(to), formatNumber(count)])
    }
  })
}

function amountFigure({ amounts }: Evaluation): Html | '' {
  if (amounts.length === 0) return ''
  const reading = 'How many judged rows have an outcome and a prediction of each size. Predictions of a mean vary less than outcomes.'
  const middle = ({ from, to }: { from: number; to: number }): number => (from + to) / 2
  return htmlFigure({
    title: 'Outcomes and predictions',
    reading,
    chart: svgLineChart({
      title: 'Outcomes and predictions',
      description: reading,
      x: { title: 'Amount' },
      y: { title: 'Rows', minimum: 0 },
      series: [
        { name: 'Outcomes', points: amounts.map((bin) => [middle(bin), bin.observed] as const) },
        { name: 'Predictions', points: amounts.map((bin) => [middle(bin), bin.predicted] as const) }
      ]
    }),
    table: {
      columns: numbers(['From', 'To', 'Outcomes', 'Predictions']),
      rows: amounts.map(({ from, to, observed, predicted }) => [figure(from), figure(to), formatNumber(observed), formatNumber(predicted)])
    }
  })
}

/** Charts side by side, and below them the residuals of the features that are farthest off. */
export function evaluationFigures(evaluation: Evaluation): { charts: Html; decisions: Html | '' } {
  const features = worstFeatures(evaluation)
  const rest = evaluation.residuals.features.length + evaluation.residuals.unlisted - features.length
  return {
    charts: html`${calibrationFigure(evaluation)}${residualFigure(evaluation)}${errorFigure(evaluation)}${amountFigure(evaluation)}`,
    decisions:
      features.length === 0
        ? ''
        : html`<h3>Residuals by feature</h3>
            <p>
              The features with the bins that are most surely
              off${rest > 0 ? `; the evaluation in evidence/evaluation.json holds ${formatNumber(rest)} more` : ''}.
            </p>
            <div class="charts">${features.map(featureFigure)}</div>`
  }
}

/** The figure that stands at the top of a card. */
export const headline = { metric: 'rmse', label: 'RMSE' }

/** What the outcomes of the judged rows are, in words. */
export const outcomesText = ({ outcomes }: Evaluation): string =>
  `their outcomes ${figure(outcomes.mean)} on average, from ${figure(outcomes.minimum)} to ${figure(outcomes.maximum)}`

/** An amount decides nothing. */
export const decisionText = (): string => ''
