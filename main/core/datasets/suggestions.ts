import { basename } from 'node:path'
import { saysBirth, type ColumnKind, type ColumnMetadata, type ColumnRole } from '../../model/dataset'

/** A dataset name made from a file name: without extension, path separators or control characters. */
export function suggestName(path: string): string {
  const stem = basename(path).replace(/\.(csv|tsv|tab|txt|json|jsonl|ndjson|parquet|arrow|feather|ipc|arrows)$/i, '')
  const clean = stem
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069@]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return [...clean].slice(0, 64).join('').trim() || 'dataset'
}

/** A role to start from: the name says "identifier", or the first date or time that is not of somebody's birth is the time column. */
export function suggestRole(name: string, kind: ColumnKind, isFirstTime: boolean): ColumnRole {
  if (kind === 'other') return 'ignored'
  if ((kind === 'date' || kind === 'timestamp') && isFirstTime) return 'time'
  if (
    kind !== 'number' &&
    kind !== 'boolean' &&
    /^(id|uuid|guid|key|row ?(number|no|nr)?|.*[_ -](id|uuid|guid|key))$|[a-z]I[dD]$/i.test(name)
  )
    return 'identifier'
  return 'feature'
}

export function suggestMetadata(columns: readonly { name: string; kind: ColumnKind }[]): ColumnMetadata[] {
  const firstTime = columns.findIndex((c) => (c.kind === 'date' || c.kind === 'timestamp') && !saysBirth(c.name))
  return columns.map((c, i) => ({ role: suggestRole(c.name, c.kind, i === firstTime), knownWhen: 'before', unit: null, description: null }))
}
