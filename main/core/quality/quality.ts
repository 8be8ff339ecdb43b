import { extname, isAbsolute, join } from 'node:path'
import type { SavedDocument } from '../../model/commands/documents'
import { datasetNameSchema } from '../../model/dataset'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import type { PrintPage } from '../../model/printed-page'
import {
  qualityOptionsSchema,
  qualityReportSchema,
  tableProfileSchema,
  type QualityOptions,
  type QualityReportDetail,
  type QualityReportSummary
} from '../../model/quality'
import { contentReference, datasetReference, QualityReportId, Sha256 } from '../../model/reference'
import { fitted } from '../../model/schema-words'
import { sha256, writeFileDurably } from '../../storage/objects/durable-files'
import type { Datasets, WorkOptions } from '../datasets'
import { documentOf, noPrinter, saveDocument, type DocumentPlaces } from '../documents'
import type { WorkspaceContext } from '../workspace/context'
import { withAnalysisTable } from './analysis-table'
import { checkQuality } from './check-quality'
import { profileTable } from './profile-table'
import { qualityReportHtml } from './quality-html'
import { qualityReport, type ReportRow } from './tables'

export interface Quality {
  /** Newest first. */
  list(filter?: { dataset?: string }): QualityReportSummary[]
  get(id: QualityReportId): Promise<QualityReportDetail>
  html(id: QualityReportId): Promise<{ fileName: string; html: string }>
  /**
   * Writes a report to absolute paths that end in their formats; an existing file is replaced whole. Throws NOT_FOUND, INVALID_INPUT,
   * FORBIDDEN, DISK_FULL, and what printing throws.
   */
  save(id: QualityReportId, places: ReportPlaces, print?: PrintPage, signal?: AbortSignal): Promise<SavedDocument>
}

/** Where a report goes; `json` is what programs read. */
export interface ReportPlaces extends DocumentPlaces {
  json?: string
}

export interface QualityWork extends WorkOptions {
  createdBy?: string | null
  /** Runs the write to the ledger; the caller's transaction and record are around it. */
  commit?: (write: () => QualityReportDetail) => QualityReportDetail
}

/** What the commands of this feature work with. */
export interface QualityWriter extends Quality {
  /** Profiles and checks a dataset version and keeps the report. Throws NOT_FOUND, INVALID_INPUT, DIGEST_MISMATCH, CANCELLED. */
  run(ref: string, options?: QualityOptions, work?: QualityWork): Promise<QualityReportDetail>
}

const toSummary = (r: ReportRow): QualityReportSummary => ({
  id: r.id,
  dataset: r.dataset,
  ref: datasetReference({ name: r.dataset, sha256: r.sha256 }),
  sha256: r.sha256,
  rows: r.rows,
  counts: { error: r.errors, warning: r.warnings, info: r.infos },
  options: JSON.parse(r.options) as QualityOptions,
  createdAt: r.created_at,
  createdBy: r.created_by,
  object: r.object
})

/** A report as a file: the page, or the JSON with report and profile. The content security policy of the page forbids any fetch. */
export const profileFile = (detail: QualityReportDetail, format: 'html' | 'json'): string =>
  format === 'html'
    ? qualityReportHtml(detail.report, detail.profile, { createdAt: detail.createdAt })
    : `${JSON.stringify({ report: detail.report, profile: detail.profile }, null, 2)}\n`

/** Quality reports of a workspace: made on request, stored by content, listed in the ledger. */
export function createQuality(context: WorkspaceContext, datasets: Pick<Datasets, 'checked' | 'imported' | 'misfitCells'>): QualityWriter {
  const { ledger } = context
  const rowOf = (id: QualityReportId): ReportRow => {
    const row = ledger.get<ReportRow>('SELECT * FROM quality_report WHERE id = ?', id)
    if (!row) throw new WorkbenchError('NOT_FOUND', `There is no quality report ${id}. Run the check again.`)
    return row
  }
  async function get(id: QualityReportId): Promise<QualityReportDetail> {
    const row = rowOf(id)
    const stored = JSON.parse((await context.objects.read(row.object)).toString('utf8')) as { report: unknown; profile: unknown }
    return { ...toSummary(row), report: qualityReportSchema.parse(stored.report), profile: tableProfileSchema.parse(stored.profile) }
  }
  return {
    async run(ref, given = {}, { signal, onProgress, createdBy = null, commit = (write: () => QualityReportDetail) => write() } = {}) {
      const options = fitted(qualityOptionsSchema, given, 'What is asked of a quality report')
      const version = await datasets.checked(ref, { signal })
      const record = datasets.imported(version.ref)
      const imports = record && [{ ...record, cells: await datasets.misfitCells(version.ref) }]
      const { report, profile } = await withAnalysisTable(
        version.path,
        version.columns,
        { temporaryDirectory: join(context.directory, 'tmp'), signal },
        async (table) => {
          const profiled = await profileTable(table, ({ fraction, message }) => onProgress?.({ fraction: (fraction ?? 0) * 0.6, message }))
          const subject = { subject: version.name, sha256: version.sha256, now: context.clock(), imports }
          const checked = await checkQuality(table, profiled, subject, options, ({ fraction, message }) =>
            onProgress?.({ fraction: 0.6 + (fraction ?? 0) * 0.4, message })
          )
          return { report: checked, profile: profiled.profile }
        }
      )
      if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'The quality check was cancelled. Nothing was stored.')
      const { sha256: object } = await context.objects.putBytes(JSON.stringify({ report, profile }))
      const row: ReportRow = {
        id: QualityReportId.parse(context.newId()),
        dataset: version.name,
        sha256: version.sha256,
        rows: version.rows,
        errors: report.counts.error,
        warnings: report.counts.warning,
        infos: report.counts.info,
        options: JSON.stringify(options),
        object,
        created_at: context.clock().toISOString(),
        created_by: createdBy
      }
      return commit(() => {
        ledger.insert(qualityReport, row)
        return { ...toSummary(row), report, profile }
      })
    },
    list({ dataset } = {}) {
      const order = 'ORDER BY rowid DESC'
      const name = dataset === undefined ? undefined : fitted(datasetNameSchema, dataset, 'The name of a dataset')
      const rows =
        name === undefined
          ? ledger.all<ReportRow>(`SELECT * FROM quality_report ${order}`)
          : ledger.all<ReportRow>(`SELECT * FROM quality_report WHERE dataset = ? ${order}`, name)
      return rows.map(toSummary)
    },
    get,
    async html(id) {
      const detail = await get(id)
      const safe = detail.dataset.replace(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 60) || 'dataset'
      return { fileName: `quality-${safe}-${detail.sha256.slice(0, 8)}.html`, html: profileFile(detail, 'html') }
    },
    save: async (id, places, print = noPrinter, signal = undefined) => saveReport(await get(id), places, print, signal)
  }
}

const reportReference = ({ ref, object }: QualityReportDetail): string =>
  `${ref} \u00b7 ${contentReference('report', null, Sha256.parse(object))}`

async function saveReport(
  detail: QualityReportDetail,
  { json, ...places }: ReportPlaces,
  print: PrintPage,
  signal?: AbortSignal
): Promise<SavedDocument> {
  const page = documentOf(profileFile(detail, 'html'), { reference: reportReference(detail), at: detail.createdAt })
  const hasPage = places.html !== undefined || places.pdf !== undefined
  if (json === undefined) return saveDocument(page, places, print, signal)
  if (!isAbsolute(json) || json.includes('\0') || extname(json).toLowerCase() !== '.json')
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The report cannot be saved under this path: it must be absolute and end in .json. Nothing was written. Choose another file name.',
      { details: { path: json } }
    )
  const saved = hasPage ? await saveDocument(page, places, print, signal) : { files: [], sha256: sha256(page.html), foreignScripts: [] }
  const text = profileFile(detail, 'json')
  try {
    await writeFileDurably(json, text)
  } catch (error) {
    throw fromSystemError(error, 'saving the quality report')
  }
  return { ...saved, files: [...saved.files, { path: json, bytes: Buffer.byteLength(text) }] }
}
