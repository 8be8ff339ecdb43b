import type { DatasetDetail, DatasetVersionSummary, Dialect } from '../../../main/model/dataset'
import { RefChip } from '../../evidence'
import {
  Badge,
  formatCount,
  formatSize,
  HashChip,
  InspectorLayout,
  KeyValueList,
  Link,
  navigate,
  SizeText,
  TimeText,
  VirtualTable,
  type Column
} from '../../ui'
import { useMemo } from 'react'
import { importAgain } from './import-again'
import { misfitCount } from './misfit-words'
import { NoticeList } from './notice-list'
import { offersTitle, RuleList, rulesTitle } from './rule-list'

const keyOf = (version: DatasetVersionSummary) => version.sha256

/** All versions of a dataset, newest first, and how the one that is shown was made. */
export function VersionsTab({ detail }: { detail: DatasetDetail }) {
  const { name, version, versions, latest } = detail
  const columns = useMemo(
    (): Column<DatasetVersionSummary>[] => [
      {
        id: 'number',
        header: 'Version',
        value: (each) => each.number,
        cell: (each) => (
          <span className="flex items-center gap-2">
            {each.number}
            {each.sha256 === latest.sha256 && <Badge status="neutral">Latest</Badge>}
          </span>
        ),
        width: 104
      },
      { id: 'hash', header: 'SHA-256', cell: (each) => <HashChip hash={each.sha256} label="Version" />, width: 108 },
      {
        id: 'created',
        header: 'Created',
        value: (each) => each.createdAt,
        cell: (each) => <TimeText value={each.createdAt} />,
        width: 168
      },
      { id: 'rows', header: 'Rows', value: (each) => each.rows, numeric: true, width: 72 },
      { id: 'columns', header: 'Columns', value: (each) => each.columnCount, numeric: true, width: 72 },
      {
        id: 'size',
        header: 'Size',
        value: (each) => each.bytes,
        cell: (each) => <SizeText bytes={each.bytes} />,
        numeric: true,
        width: 72
      },
      {
        id: 'source',
        header: 'Source file',
        value: (each) => each.source?.name ?? null,
        cell: (each) =>
          each.source ? (
            <span className="flex min-w-0 items-center gap-2">
              <span className="truncate">{each.source.name}</span>
              <HashChip hash={each.source.sha256} label="Source file" />
            </span>
          ) : (
            <span className="text-muted">Made by a pipeline</span>
          ),
        width: 200,
        grow: true
      },
      {
        id: 'misfits',
        header: 'Misfits',
        hint: 'Cells that did not fit the type of their column, and rows that could not be read',
        value: misfitCount,
        cell: (each) =>
          misfitCount(each) > 0 ? (
            <Link
              area="data"
              path={[name, each.sha256]}
              query={{ tab: 'misfits' }}
              aria-label={`Show ${formatCount(misfitCount(each), 'misfit')}`}
            >
              {misfitCount(each).toLocaleString('en-US')}
            </Link>
          ) : (
            '0'
          ),
        numeric: true,
        width: 80
      },
      { id: 'by', header: 'By', value: (each) => each.createdBy, width: 120 }
    ],
    [name, latest.sha256]
  )
  return (
    <InspectorLayout name="dataset-versions" title={`Version ${version.number}`} inspector={<VersionInspector detail={detail} />}>
      <VirtualTable
        label={`Versions of ${name}`}
        name="dataset.versions"
        columns={columns}
        rows={versions}
        rowKey={keyOf}
        activeKey={version.sha256}
        onActiveChange={(row) =>
          row && navigate('data', row.sha256 === latest.sha256 ? [name] : [name, row.sha256], { tab: 'versions' }, { replace: true })
        }
        onOpen={(row) => navigate('data', row.sha256 === latest.sha256 ? [name] : [name, row.sha256])}
        empty={null}
      />
    </InspectorLayout>
  )
}

function VersionInspector({ detail }: { detail: DatasetDetail }) {
  const { version } = detail
  const { source, choices } = version
  const reading = readingWords(choices.dialect)
  return (
    <div className="flex flex-col gap-4">
      <RefChip reference={version.ref} />
      <KeyValueList
        labelWidth={100}
        items={[
          { label: 'SHA-256', value: version.sha256, mono: true },
          { label: 'Created', value: <TimeText value={version.createdAt} /> },
          { label: 'Created by', value: version.createdBy ?? 'Not recorded' },
          source && { label: 'Source', value: `${source.name}, ${formatSize(source.size)}` },
          source && { label: 'Source SHA-256', value: source.sha256, mono: true },
          { label: 'Misfits', value: misfitCount(version).toLocaleString('en-US') },
          reading.length > 0 && { label: 'Read as', value: reading.join(', ') },
          choices.nullTokens !== undefined && {
            label: 'Missing texts',
            value: choices.nullTokens.map((token) => (token === '' ? 'empty' : token)).join(', ')
          }
        ]}
      />
      <NoticeList notices={version.notices} title="Notices of the import" empty="Nothing unusual was found while reading." />
      <RuleList title={rulesTitle} rules={version.rules ?? []} choose={importAgain(detail, 'Undo in a new import')} />
      <RuleList title={offersTitle} rules={version.offers ?? []} choose={importAgain(detail, 'Take in a new import')} />
    </div>
  )
}

const delimiterWords: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' }

/** The dialect in words. */
function readingWords(dialect: Partial<Dialect> | undefined): string[] {
  if (!dialect) return []
  const { delimiter, quote, header, encoding, decimal, skipLines } = dialect
  return [
    delimiter !== undefined && `separated by ${delimiterWords[delimiter] ?? delimiter}`,
    quote !== undefined && (quote === '' ? 'no quoting' : `quoted with ${quote}`),
    header !== undefined && (header ? 'names in the first row' : 'no names in the file'),
    encoding !== undefined && encoding.toUpperCase(),
    decimal === ',' && 'decimal comma',
    skipLines !== undefined && skipLines > 0 && `${formatCount(skipLines, 'line')} skipped`
  ].filter((word): word is string => typeof word === 'string')
}
