import { Gauge } from 'lucide-react'
import { useMemo, useState } from 'react'
import { BarChart } from '../../charts'
import type { HostOutput } from '../../host'
import {
  EmptyState,
  formatAuto,
  formatNumber,
  InspectorLayout,
  KeyValueList,
  NO_VALUE,
  RefLink,
  SearchInput,
  Toolbar,
  VirtualTable,
  type Column
} from '../../ui'

type Feature = HostOutput<'features.get'>['statistics'][number]
const keyOf = (feature: Feature) => feature.name

/** Each feature with its type, missing share, range, distribution and the models that read it. */
export function FeatureStatisticsView({ statistics, rows }: { statistics: readonly Feature[]; rows: number }) {
  const [filter, setFilter] = useState('')
  const [name, setName] = useState<string | null>(statistics[0]?.name ?? null)
  const needle = filter.trim().toLowerCase()
  const shown = useMemo(() => statistics.filter((feature) => feature.name.toLowerCase().includes(needle)), [statistics, needle])
  const columns = useMemo(() => featureColumns(rows), [rows])
  const selected = statistics.find((feature) => feature.name === name) ?? null
  return (
    <InspectorLayout
      name="feature"
      title={selected?.name ?? 'Feature'}
      emptyText="Select a feature to see its distribution."
      inspector={selected && <FeatureInspector feature={selected} rows={rows} />}
    >
      <div className="flex h-full flex-col">
        <Toolbar aria-label="Feature options">
          <SearchInput value={filter} onChange={setFilter} placeholder="Filter by name" className="w-72" />
        </Toolbar>
        <div className="min-h-0 flex-1">
          <VirtualTable
            label="Features"
            name="features.statistics"
            columns={columns}
            rows={shown}
            rowKey={keyOf}
            rowHeight={34}
            activeKey={name}
            onActiveChange={(row) => setName(row?.name ?? null)}
            empty={<EmptyState icon={Gauge} title="No feature matches" text={`No feature has "${filter}" in its name.`} />}
          />
        </div>
      </div>
    </InspectorLayout>
  )
}

function featureColumns(rows: number): Column<Feature>[] {
  return [
    {
      id: 'name',
      header: 'Feature',
      value: (feature) => feature.name,
      cell: (feature) => <span className="truncate font-medium">{feature.name}</span>,
      width: 140,
      pinned: true
    },
    {
      id: 'type',
      header: 'Type',
      value: (feature) => feature.type,
      cell: (feature) => <span className="truncate font-mono text-caption">{feature.type}</span>,
      width: 96
    },
    {
      id: 'missing',
      header: 'Missing',
      unit: '%',
      value: (feature) => feature.missing,
      cell: (feature) => formatNumber(rows === 0 ? 0 : (feature.missing / rows) * 100, 1),
      numeric: true,
      width: 96
    },
    {
      id: 'distinct',
      header: 'Distinct',
      hint: 'An estimate (HyperLogLog, about 2 percent)',
      value: (feature) => feature.distinct,
      numeric: true,
      width: 76
    },
    { id: 'shape', header: 'Distribution', cell: (feature) => <Sparkline feature={feature} />, width: 112 },
    { id: 'minimum', header: 'Smallest', value: (feature) => feature.minimum, width: 104 },
    { id: 'maximum', header: 'Largest', value: (feature) => feature.maximum, width: 104 },
    { id: 'mean', header: 'Mean', value: (feature) => feature.mean, cell: (feature) => formatAuto(feature.mean), numeric: true, width: 96 },
    {
      id: 'used',
      header: 'Used by',
      value: (feature) => feature.usedBy.length,
      cell: (feature) =>
        feature.usedBy.length === 0 ? <span className="text-muted">{NO_VALUE}</span> : feature.usedBy.slice(0, 3).join(', '),
      width: 124,
      grow: true
    }
  ]
}

function Sparkline({ feature }: { feature: Feature }) {
  const largest = Math.max(1, ...feature.histogram.map((bar) => bar.count))
  const width = 96 / Math.max(1, feature.histogram.length)
  return (
    <svg aria-hidden width={96} height={22} className="block">
      <line x1={0} x2={96} y1={21.5} y2={21.5} stroke="var(--line)" />
      {feature.histogram.map((bar, index) => {
        const height = bar.count === 0 ? 0 : Math.max(1, (bar.count / largest) * 20)
        return (
          <rect key={index} x={index * width} y={21 - height} width={Math.max(0.5, width - 0.5)} height={height} fill="var(--data-1)" />
        )
      })}
    </svg>
  )
}

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
          { label: 'Distinct', value: `about ${formatNumber(feature.distinct)}` },
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
                    <RefLink key={model} reference={`model:${model}`} />
                  ))}
                </span>
              )
          }
        ]}
      />
    </div>
  )
}
