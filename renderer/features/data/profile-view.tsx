import { useMemo } from 'react'
import type { ColumnProfile, TableProfile } from '../../../main/model/quality'
import { BarChart, ColumnStatisticsView, Histogram, type ColumnStatistics } from '../../charts'
import { formatAuto, formatNumber, KeyValueList, NO_VALUE } from '../../ui'
import { labelOf, knownWhenChoices, roleChoices } from './column-choices'

const day = (milliseconds: number) => (Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString().slice(0, 10) : NO_VALUE)
const isDated = (column: ColumnProfile) => column.kind === 'date' || column.kind === 'timestamp'

const mostFrequent = { header: 'Most frequent', value: (column: ColumnProfile) => column.top[0]?.value ?? null }

/** What each column holds: missing, distinct, range, distribution. */
export function ProfileView({ profile }: { profile: TableProfile }) {
  const statistics = useMemo(() => profile.columns.map(statisticsOf), [profile.columns])
  return (
    <ColumnStatisticsView
      label="Column profiles"
      name="column-profile"
      noun="Column"
      statistics={statistics}
      rows={profile.rows}
      last={mostFrequent}
      note={
        <span className="text-caption text-muted">
          {formatNumber(profile.duplicateRows)} of {formatNumber(profile.rows)} rows repeat an earlier one
        </span>
      }
      inspector={(column) => <ProfileInspector column={column} rows={profile.rows} />}
    />
  )
}

const statisticsOf = (column: ColumnProfile): ColumnStatistics<ColumnProfile> => ({
  name: column.name,
  type: column.type,
  missing: column.missing,
  distinct: column.distinct,
  estimated: !column.distinctExact,
  counts: column.histogram?.counts ?? column.top.slice(0, 12).map(({ count }) => count),
  smallest: column.min,
  largest: column.max,
  mean: isDated(column) ? null : (column.numeric?.mean ?? null),
  subject: column
})

function ProfileInspector({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { histogram, numeric, text } = column
  return (
    <div className="flex flex-col gap-4">
      {histogram && isDated(column) ? (
        <BarChart
          title="Rows over time"
          axis="Rows"
          category="From"
          bars={histogram.counts.map((count, bin) => ({ label: day(histogram.edges[bin] ?? Number.NaN), value: count }))}
        />
      ) : histogram ? (
        <Histogram
          title="Distribution"
          unit={column.unit ?? undefined}
          axis={column.name}
          edges={histogram.edges}
          series={[{ key: column.name, label: 'Rows', counts: histogram.counts }]}
          height={190}
        />
      ) : null}
      {column.top.length > 0 && (!numeric || column.distinct <= 20) && (
        <BarChart
          title="Most frequent values"
          axis="Rows"
          category="Value"
          bars={column.top.map(({ value, count }) => ({ label: value === '' ? 'empty text' : value, value: count }))}
        />
      )}
      <KeyValueList
        labelWidth={110}
        items={[
          { label: 'Role', value: labelOf(roleChoices, column.role) },
          { label: 'Known when', value: labelOf(knownWhenChoices, column.knownWhen) },
          { label: 'Values', value: formatNumber(column.count) },
          { label: 'Missing', value: `${formatNumber(column.missing)} of ${formatNumber(rows)}` },
          { label: 'Distinct', value: `${column.distinctExact ? '' : 'about '}${formatNumber(column.distinct)}` },
          { label: 'Smallest', value: column.min ?? NO_VALUE },
          { label: 'Largest', value: column.max ?? NO_VALUE },
          ...(numeric && !isDated(column)
            ? [
                { label: 'Mean', value: formatAuto(numeric.mean) },
                { label: 'Std deviation', value: formatAuto(numeric.std) },
                { label: '1st percentile', value: formatAuto(numeric.quantiles.p01) },
                { label: '25th', value: formatAuto(numeric.quantiles.p25) },
                { label: 'Median', value: formatAuto(numeric.quantiles.p50) },
                { label: '75th', value: formatAuto(numeric.quantiles.p75) },
                { label: '99th', value: formatAuto(numeric.quantiles.p99) },
                { label: 'Zeros', value: formatNumber(numeric.zeros) },
                { label: 'Negative', value: formatNumber(numeric.negatives) },
                { label: 'Not finite', value: formatNumber(numeric.nonFinite) }
              ]
            : []),
          ...(text
            ? [
                { label: 'Length', value: `${text.minLength} to ${text.maxLength}, mean ${formatAuto(text.meanLength)}` },
                { label: 'Empty texts', value: formatNumber(text.empty) },
                { label: 'With stray blanks', value: formatNumber(text.padded) },
                { label: 'Read as numbers', value: formatNumber(text.numeric) },
                { label: 'Read as dates', value: formatNumber(text.dates) },
                { label: 'Placeholders', value: formatNumber(text.placeholders) }
              ]
            : [])
        ]}
      />
    </div>
  )
}
