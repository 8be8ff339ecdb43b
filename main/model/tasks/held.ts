import type { MeasuredIntervals } from '../conformal'
import type { Estimate } from './estimate'
import { defineMetric } from './metric-definition'
import type { MetricFormula } from './metric-formula'

/** What is measured of the intervals or sets around answers, of models that have such, whatever the task. */
export const heldMetrics = [
  defineMetric(
    'interval_coverage',
    'Interval coverage',
    'share',
    'higher',
    'Share of the outcomes inside of the intervals or sets of the model; right is what the model promises.'
  ),
  defineMetric('interval_width', 'Interval width', 'target', 'lower', 'Mean width of the intervals, in the unit of the target.'),
  defineMetric('set_size', 'Set size', 'classes', 'lower', 'Mean number of classes in the sets.')
]

interface Held {
  intervals?: MeasuredIntervals
}

export const heldFigures = ({ intervals }: Held) =>
  intervals && { interval_coverage: intervals.covered, [intervals.sizes ? 'set_size' : 'interval_width']: intervals.size ?? undefined }

/** The estimate behind one of their keys; undefined for any other key, and for a size, which has no interval. */
export function heldEstimate({ intervals }: Held, key: string): Estimate | undefined {
  if (key !== 'interval_coverage' || !intervals) return undefined
  const { covered, lower, upper } = intervals
  return { value: covered, interval: { lower, upper, level: 0.95, samples: 0, method: 'Wilson' } }
}

const source = 'Vovk, Gammerman and Shafer 2005; Lei and others 2018; interval: Wilson 1927'
export const heldFormulas: Readonly<Record<string, MetricFormula>> = {
  interval_coverage: { formula: 'rows whose outcome lies inside of the interval or set of the signature over all judged rows', source },
  interval_width: { formula: 'mean of upper minus lower bound', source },
  set_size: { formula: 'mean of the number of classes in the set', source }
}
