import { Table2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { OutputPreview, OutputReference, StepRun } from '../../../main/model/pipeline-run'
import { viewOfDocument } from '../../evidence'
import { useHostQuery, usePagedRows } from '../../host'
import {
  Checkbox,
  CodeEditor,
  EmptyState,
  ErrorState,
  formatCount,
  formatNumber,
  HashChip,
  Select,
  SizeText,
  Skeleton,
  VirtualTable,
  type Column
} from '../../ui'
import { PortShape } from './port-look'

/** Outputs with a view of their own. */
const read: readonly string[] = ['GateResult', 'Evaluation', 'QualityReport', 'Model']

/** What the step made: pages of a table, a document as people read it, or its text. */
export function OutputTab({ runId, step }: { runId: string; step: StepRun }) {
  const [wished, setWished] = useState<string | null>(null)
  const [asText, setAsText] = useState(false)
  const output = step.outputs.find((each) => each.port === wished) ?? step.outputs[0]
  if (step.failure)
    return (
      <div className="p-3">
        <ErrorState compact error={step.failure} title={`${step.title} failed`} />
      </div>
    )
  if (!output)
    return (
      <EmptyState
        icon={Table2}
        title="No output yet"
        text={
          step.state === 'running'
            ? 'Outputs appear when the step has succeeded.'
            : `This step made nothing in this run: ${step.reason || step.state}.`
        }
      />
    )
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3">
        <PortShape types={[output.type]} />
        <div className="w-48 shrink-0">
          <Select
            aria-label="Output"
            value={output.port}
            onChange={setWished}
            choices={step.outputs.map((each) => ({ value: each.port, label: `${each.port} (${each.type})` }))}
          />
        </div>
        <span className="shrink-0">
          <HashChip hash={output.sha256} label="Content" />
        </span>
        <span className="truncate text-caption text-muted">
          {output.rows !== null && `${formatCount(output.rows, 'row')}, `}
          <SizeText bytes={output.size} />
        </span>
        {read.includes(output.type) && (
          <span className="ml-auto shrink-0">
            <Checkbox checked={asText} onChange={setAsText} label="As JSON" />
          </span>
        )}
      </div>
      <div className="min-h-0 flex-1">
        <Preview
          key={`${runId}/${step.stepId}/${output.port}/${output.sha256}`}
          runId={runId}
          stepId={step.stepId}
          output={output}
          asText={asText}
        />
      </div>
    </div>
  )
}

interface PreviewProps {
  runId: string
  stepId: string
  output: OutputReference
  /** Every byte as it is stored, also of a document that has a view. */
  asText: boolean
}

function Preview({ runId, stepId, output, asText }: PreviewProps) {
  const first = useHostQuery('pipelines.preview', { runId, stepId, port: output.port, offset: 0, limit: 100 })
  if (first.error) return <ErrorState error={first.error} onRetry={() => void first.refetch()} />
  if (!first.data) return <Skeleton lines={4} />
  if (first.data.kind === 'table') return <TablePreview runId={runId} stepId={stepId} port={output.port} first={first.data} />
  if (first.data.kind === 'binary')
    return <p className="p-3 text-muted">{`${first.data.mediaType}, ${formatNumber(first.data.size)} bytes. It has no preview.`}</p>
  const view = first.data.kind === 'json' && !asText ? viewOfDocument(output.type, first.data.value) : null
  if (view) return <div className="h-full overflow-auto p-3">{view}</div>
  const text = first.data.kind === 'json' ? JSON.stringify(first.data.value, null, 2) : first.data.text
  return (
    <div className="flex h-full flex-col p-2">
      {first.data.kind === 'text' && first.data.truncated && (
        <p className="pb-1 text-caption text-muted">
          Only the beginning is shown; the whole content has {formatNumber(output.size)} bytes.
        </p>
      )}
      <CodeEditor
        className="flex-1"
        aria-label={`Content of ${output.port}`}
        language={first.data.kind === 'json' ? 'json' : 'plain'}
        value={text}
        readOnly
      />
    </div>
  )
}

type TableOf = Extract<OutputPreview, { kind: 'table' }>
interface PreviewRow {
  index: number
  cells: TableOf['rows'][number]
}
const isNumeric = (type: string): boolean => /INT|DECIMAL|DOUBLE|FLOAT|REAL|NUMERIC/i.test(type)

function TablePreview({ runId, stepId, port, first }: { runId: string; stepId: string; port: string; first: TableOf }) {
  const paged = usePagedRows<'pipelines.preview', PreviewRow>('pipelines.preview', {
    input: (offset, limit) => ({ runId, stepId, port, offset, limit }),
    rows: (page) => (page.kind === 'table' ? page.rows.map((cells, at) => ({ index: page.offset + at, cells })) : []),
    total: (page) => (page.kind === 'table' ? page.total : 0),
    resetKey: `${runId}/${stepId}/${port}`
  })
  const columns = useMemo<Column<PreviewRow>[]>(
    () =>
      first.columns.map((column, at) => ({
        id: `${at}:${column.name}`,
        header: column.name,
        hint: column.type,
        value: (row) => row.cells[at],
        cell: (row) => (row.cells[at] === null ? <span className="text-muted">null</span> : String(row.cells[at])),
        numeric: isNumeric(column.type),
        width: 140,
        sortable: false
      })),
    [first.columns]
  )
  return (
    <VirtualTable
      label={`Rows of ${stepId}.${port}`}
      name="pipeline-preview"
      columns={columns}
      rows={paged.rows}
      total={paged.total}
      rowKey={(row) => String(row.index)}
      onSortChange={() => {}}
      onVisibleRange={paged.onVisibleRange}
      loading={paged.loading}
      error={paged.error}
      onRetry={paged.retry}
      rowHeight={26}
      empty={<EmptyState icon={Table2} title="No rows" text="The step succeeded and its table is empty." />}
    />
  )
}
