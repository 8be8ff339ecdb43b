import {
  pairMethodWords,
  rowsCheckedText,
  type Association,
  type ColumnProfile,
  type FindingSeverity,
  type QualityFinding,
  type QualityReport,
  type TableProfile
} from '../../model/quality'
import { taskOf, usualTask } from '../../model/tasks'
import {
  badge,
  formatNumber,
  formatShare,
  html,
  htmlFigure,
  htmlPage,
  htmlTable,
  svgBarChart,
  svgHistogram,
  type Html,
  type PageSection,
  type Tone
} from '../reports'

const tones: Record<FindingSeverity, Tone> = { error: 'error', warning: 'warn', info: 'info' }
const MAX_COLUMNS_DRAWN = 300
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

export interface ReportFacts {
  createdAt?: string
  /** Shown across the top when the workspace is a demonstration. */
  band?: string
}

/** The quality report as one self-contained page: no script, nothing fetched, light and dark, printable. */
export function qualityReportHtml(report: QualityReport, profile: TableProfile, facts: ReportFacts = {}): string {
  const drawn = profile.columns.slice(0, MAX_COLUMNS_DRAWN)
  const sections: PageSection[] = [
    {
      id: 'findings',
      title: 'Findings',
      lead: 'Errors first. Each says what was found, what it means and what to do next.',
      body: findingsBody(report.findings)
    },
    { id: 'columns', title: 'Columns', body: columnTable(profile.columns) },
    {
      id: 'distributions',
      title: 'Distributions',
      lead:
        drawn.length < profile.columns.length
          ? `The first ${drawn.length} of ${profile.columns.length} columns are drawn; the table above has all.`
          : undefined,
      body: html`${drawn.map((c) => distribution(c, profile.rows))}`
    },
    { id: 'relations', title: 'Relations between columns', lead: relationsLead(profile), body: relations(profile) }
  ]
  if (profile.timeline) sections.push({ id: 'time', title: 'Coverage over time', body: timeline(profile) })
  return htmlPage({
    title: `Data quality of ${report.subject}`,
    kind: 'Quality report',
    subtitle: `SHA-256 ${report.sha256}`,
    band: facts.band,
    facts: [
      { label: 'Rows', value: report.rows.toLocaleString('en') },
      { label: 'Columns', value: report.columnCount },
      { label: 'Errors', value: report.counts.error },
      { label: 'Warnings', value: report.counts.warning },
      { label: 'Notes', value: report.counts.info },
      ...(report.target
        ? [
            {
              label: `Target: ${report.target.column}`,
              value: formatShare(report.target.rate),
              note: `event: ${usualTask.event.said(report.target).join(', ').slice(0, 120)}${report.target.doubt ? ' (not said, the rarer values)' : ''}`
            }
          ]
        : []),
      ...(report.sought && !report.sought.tasks.includes('binary')
        ? [
            {
              label: 'Leaks looked for',
              value: report.sought.column,
              note: report.sought.tasks.map((task) => taskOf({ task }).words).join(' or ')
            }
          ]
        : [])
    ],
    sections,
    footer: `Made by Drydock${facts.createdAt ? ` at ${facts.createdAt}` : ''} from ${rowsCheckedText(report)}.`
  })
}

function findingsBody(findings: readonly QualityFinding[]): Html {
  if (findings.length === 0) return html`<p>No check found anything.</p>`
  return html`${htmlTable({
    caption: 'All findings',
    columns: [{ title: 'Finding' }, { title: 'Severity' }, { title: 'Rows', align: 'number' }, { title: 'Share', align: 'number' }],
    rows: findings.map((f) => [f.title, badge(tones[f.severity], f.severity), f.count.toLocaleString('en'), formatShare(f.share)])
  })}
  ${findings.map(
    (f) =>
      html`<section>
        <h3>${badge(tones[f.severity], f.severity)} ${f.title}</h3>
        <p>${f.what} ${f.meaning}</p>
        <p><b>Next:</b> ${f.next}</p>
        ${
          f.examples.length === 0
            ? ''
            : html`<details>
                <summary>Examples</summary>
                ${htmlTable({
                  caption: 'Examples',
                  columns: [{ title: 'Row', align: 'number' }, { title: 'Value' }],
                  rows: f.examples.map((e) => [e.row === null ? '' : e.row.toLocaleString('en'), e.value])
                })}
              </details>`
        }
      </section>`
  )}`
}

const columnTable = (columns: readonly ColumnProfile[]): Html =>
  htmlTable({
    caption: 'Profile of every column',
    columns: [
      { title: 'Column' },
      { title: 'Type' },
      { title: 'Role' },
      { title: 'Known' },
      { title: 'Unit' },
      { title: 'Missing', align: 'number' },
      { title: 'Distinct', align: 'number' },
      { title: 'Smallest' },
      { title: 'Median', align: 'number' },
      { title: 'Mean', align: 'number' },
      { title: 'Largest' },
      { title: 'Most frequent' }
    ],
    rows: columns.map((c) => [
      c.name,
      c.type,
      c.role,
      `${c.knownWhen} the outcome`,
      c.unit ?? '',
      formatShare(c.count + c.missing === 0 ? 0 : c.missing / (c.count + c.missing)),
      `${c.distinctExact ? '' : 'about '}${c.distinct.toLocaleString('en')}`,
      (c.min ?? '').slice(0, 40),
      c.numeric ? formatNumber(c.numeric.quantiles.p50) : '',
      c.numeric ? formatNumber(c.numeric.mean) : '',
      (c.max ?? '').slice(0, 40),
      c.top[0] ? `${c.top[0].value.slice(0, 40)} (${c.top[0].count.toLocaleString('en')})` : ''
    ])
  })

function distribution(c: ColumnProfile, rows: number): Html {
  const reading = `${formatShare(rows === 0 ? 0 : c.missing / rows)} missing, ${c.distinctExact ? '' : 'about '}${c.distinct.toLocaleString('en')} different values`
  const h = c.histogram
  if (h && h.edges.length > 2) {
    const isTime = c.kind === 'date' || c.kind === 'timestamp'
    const format = isTime ? day : (v: number): string => formatNumber(v)
    const bins = h.counts.map((count, i) => ({ from: h.edges[i], to: h.edges[i + 1], counts: [count] }))
    return htmlFigure({
      title: c.name,
      reading,
      chart: svgHistogram({
        title: c.name,
        description: reading,
        x: { title: c.unit ? `${c.name} (${c.unit})` : c.name, minimum: h.edges[0], maximum: h.edges.at(-1), format },
        y: { title: 'rows', minimum: 0 },
        series: ['rows'],
        bins
      }),
      table: {
        columns: [
          { title: 'From', align: 'number' },
          { title: 'To', align: 'number' },
          { title: 'Rows', align: 'number' }
        ],
        rows: bins.map((b) => [format(b.from), format(b.to), b.counts[0].toLocaleString('en')])
      }
    })
  }
  if (c.top.length === 0) return html``
  return htmlFigure({
    title: c.name,
    reading,
    chart: svgBarChart({
      title: c.name,
      description: reading,
      value: { title: 'rows', minimum: 0 },
      bars: c.top.slice(0, 12).map((t) => ({ label: t.value === '' ? '(empty)' : t.value, value: t.count }))
    }),
    table: {
      columns: [{ title: 'Value' }, { title: 'Rows', align: 'number' }],
      rows: c.top.map((t) => [t.value, t.count.toLocaleString('en')])
    }
  })
}

const relationsLead = (profile: TableProfile): string =>
  `Each over the rows in which both columns have a value${profile.pairwiseRows < profile.rows ? `, in a sample of ${profile.pairwiseRows.toLocaleString('en')} evenly spaced rows of ${profile.rows.toLocaleString('en')}` : ''}.`

// Among the strongest, V is the corrected one.
const measures = { ...pairMethodWords, 'cramers-v': pairMethodWords['cramers-v-corrected'] }
const rowsOf = ({ rows, sampledFrom }: Association): string =>
  `${rows.toLocaleString('en')}${sampledFrom === undefined ? '' : ` (sample of ${sampledFrom.toLocaleString('en')})`}`
const relations = (profile: TableProfile): Html =>
  html`${htmlTable({
    caption: 'Strongest associations',
    columns: [
      { title: 'Column' },
      { title: 'Other column' },
      { title: 'Measure' },
      { title: 'Value', align: 'number' },
      { title: 'Rows', align: 'number' }
    ],
    rows: profile.associations.slice(0, 30).map((a) => [a.a, a.b, measures[a.measure], formatNumber(a.value, 3), rowsOf(a)]),
    empty: 'No pair of columns can be compared.'
  })}
  ${htmlTable({
    caption: 'Missing in the same rows',
    columns: [{ title: 'Column' }, { title: 'Other column' }, { title: 'Rows', align: 'number' }, { title: 'Overlap', align: 'number' }],
    rows: profile.missingTogether.map((m) => [m.a, m.b, m.rows.toLocaleString('en'), formatShare(m.jaccard)]),
    empty: 'No two columns are missing together.'
  })}`

function timeline(profile: TableProfile): Html {
  const { column, unit, periods } = profile.timeline!
  const starts = periods.map((p) => Date.parse(p.start))
  const bins = periods.map((p, i) => ({
    from: starts[i],
    to: starts[i + 1] ?? starts[i] + (starts[i] - (starts[i - 1] ?? starts[i] - 86_400_000)),
    counts: [p.count]
  }))
  return htmlFigure({
    title: `Rows per ${unit}`,
    reading: `"${column}" from ${periods[0].start} to ${periods.at(-1)!.start}`,
    chart: svgHistogram({
      title: `Rows per ${unit}`,
      description: `From ${periods[0].start} to ${periods.at(-1)!.start}`,
      x: { title: column, minimum: bins[0].from, maximum: bins.at(-1)!.to, format: day },
      y: { title: 'rows', minimum: 0 },
      series: ['rows'],
      bins
    }),
    table: {
      columns: [{ title: unit }, { title: 'Rows', align: 'number' }],
      rows: periods.map((p) => [p.start, p.count.toLocaleString('en')])
    }
  })
}
