import type { ReactNode } from 'react'
import type { RunMetric } from '../../main/model/run'
import { keyMetrics } from '../../main/model/tasks'
import { useHostQuery } from '../host'
import { Disclosure, Stat } from '../ui'
import { intervalText, metricFormat, metricText } from './metric-format'

type Metrics = Readonly<Record<string, RunMetric>>

export interface KeyFiguresProps {
  metrics: Metrics
  /** The metric that the question of the experiment is about. */
  primary: string
  /** What the button to the others says. */
  label: string
  /** All figures, or those that are not among the first; false where there are none. */
  children: ReactNode
}

/** The few figures of a run that answer its question, each with its interval, and the others behind one button that stays as it was left. */
export function KeyFigures({ metrics, primary, label, children }: KeyFiguresProps) {
  return (
    <div className="flex flex-col gap-3">
      <Figures metrics={metrics} keys={keyMetrics(primary, metrics)} />
      {children && (
        <Disclosure name="figures.all" label={label}>
          {children}
        </Disclosure>
      )}
    </div>
  )
}

/** Figures that stand alone, in the unit that suits each. */
export function Figures({ metrics, keys }: { metrics: Metrics; keys: readonly string[] }) {
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-3">
      {keys.map((key) => {
        const { label, description, direction } = metricFormat(key)
        const interval = intervalText(key, metrics[key]!)
        return (
          <Stat
            key={key}
            label={label}
            value={metricText(key, metrics[key]!.value)}
            hint={interval ? `95% CI ${interval}` : 'no interval'}
            explain={description && `${description} ${direction === 'higher' ? 'Higher' : 'Lower'} is better.`}
          />
        )
      })}
    </div>
  )
}

/** The metric that an experiment asks for; undefined while that is not known. */
export function usePrimaryMetric(experiment: string | undefined): string | undefined {
  const experiments = useHostQuery('experiments.list', {}, { enabled: experiment !== undefined })
  return experiments.data?.find((each) => each.name === experiment)?.primaryMetric
}
