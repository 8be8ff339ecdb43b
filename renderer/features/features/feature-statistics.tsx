import { useMemo } from 'react'
import { modelReference } from '../../../main/model/reference'
import { BarChart, ColumnStatisticsView, type ColumnStatistics } from '../../charts'
import { RefLink } from '../../evidence'
import type { HostOutput } from '../../host'
import { formatAuto, formatNumber, KeyValueList, NO_VALUE } from '../../ui'

type Feature = HostOutput<'features.get'>['statistics'][number]
const usedBy = { header: 'Used by', value: (feature: Feature) => feature.usedBy.slice(0, 3).join(', ') || null }

/** Each feature with its type, missing share, range, distribution and the models that read it. */
export function FeatureStatisticsView({ statistics, rows }: { statistics: readonly Feature[]; rows: number }) {
  const described = useMemo(() => statistics.map(statisticsOf), [statistics])
  return (
    <ColumnStatisticsView
      label="Features"
      name="feature"
      noun="Feature"
      statistics={described}
      rows={rows}
      last={usedBy}
      inspector={(feature) => <FeatureInspector feature={feature} rows={rows} />}
    />
  )
}

const statisticsOf = (feature: Feature): ColumnStatistics<Feature> => ({
  name: feature.name,
  type: feature.type,
  missing: feature.missing,
  distinct: feature.distinct,
  estimated: !feature.distinctExact,
  counts: feature.histogram.map(({ count }) => count),
  smallest: feature.minimum,
  largest: feature.maximum,
  mean: feature.mean,
  subject: feature
})

function FeatureInspector({ feature, rows }: { feature: Feature; rows: number }) {
  return (
    <div className="flex flex-col gap-4">
      <BarChart
        title="Distribution"
        axis="Rows"
        category="Value"
        bars={feature.histogram.map(({ label, count }) => ({ label, value: count }))}
        empty="No row has a value."
      />
      <KeyValueList
        labelWidth={92}
        items={[
          { label: 'Type', value: feature.type, mono: true },
          { label: 'Missing', value: `${formatNumber(feature.missing)} of ${formatNumber(rows)}` },
          { label: 'Distinct', value: `${feature.distinctExact ? '' : 'about '}${formatNumber(feature.distinct)}` },
          { label: 'Smallest', value: feature.minimum ?? NO_VALUE },
          { label: 'Largest', value: feature.maximum ?? NO_VALUE },
          feature.mean !== null && { label: 'Mean', value: formatAuto(feature.mean) },
          {
            label: 'Used by',
            value:
              feature.usedBy.length === 0 ? (
                'No registered model'
              ) : (
                <span className="flex flex-wrap gap-1">
                  {feature.usedBy.map((model) => (
                    <RefLink key={model} reference={modelReference(model)} />
                  ))}
                </span>
              )
          }
        ]}
      />
    </div>
  )
}
