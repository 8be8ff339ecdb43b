import type { ImportResult } from '../../model/dataset'

/** What the record of events keeps of an import: where it came from, by digest, and what was left out. */
export const importFacts = ({ dataset, version }: ImportResult): Record<string, unknown> => ({
  name: dataset.name,
  version: version.sha256,
  rows: version.rows,
  badRows: version.badRows,
  misfits: version.misfits?.cells ?? 0,
  source: version.source?.name ?? null,
  sourceSha256: version.source?.sha256 ?? null
})
