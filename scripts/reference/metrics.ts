import { factVocabulary } from '../../main/model/policy'
import { metricFormulas, METRICS, type MetricDefinition } from '../../main/model/tasks'
import { code, page, table } from './markdown'

const units: Record<MetricDefinition['unit'], string> = {
  share: '0 to 1',
  nats: 'nats',
  seconds: 'seconds',
  bytes: 'bytes',
  'rows/s': 'rows per second',
  ratio: 'ratio',
  difference: '0 to 1',
  target: 'unit of the target',
  classes: 'classes',
  loss: 'loss of the objective',
  costs: 'unit of the costs',
  none: ''
}

/** Every metric with formula, unit, direction and source. */
export const metricPage = (): string =>
  page('Metrics', 'What an evaluation measures: formula, unit, which way is better, and where the definition comes from.', [
    'n rows are judged; y is 1 for a row with the event and 0 for another, p its stated probability, r the share of rows with the event. TP, FP, TN and FN count rows at the threshold (p at or above it counts as selected).',
    ...METRICS.map(({ key, label, unit, direction, description }) =>
      [
        `## ${label}`,
        `${code(key)}${units[unit] && `, ${units[unit]}`}, ${direction} is better. ${description}`,
        `Formula: ${metricFormulas[key].formula}`,
        `Source: ${metricFormulas[key].source}`
      ].join('\n\n')
    )
  ])

/** Every fact that a rule of a policy may name. */
export const factPage = (): string =>
  page('Gate facts', 'What a rule of a policy may name. A fact that was not measured is absent, and a rule that names it has failed.', [
    ...[...new Set(factVocabulary.map(({ path }) => path.split('.')[0]))].map(
      (group) =>
        `## ${group}\n\n${table(
          ['fact', 'kind', 'unit', 'better', 'meaning'],
          factVocabulary
            .filter(({ path }) => path.startsWith(`${group}.`))
            .map(({ path, kind, unit, better, meaning }) => [code(path), kind, unit ?? '', better ?? '', meaning])
        )}`
    ),
    'A metric of your own, that a [script step](../script-steps.md) logged, is `metrics.NAME`.'
  ])
