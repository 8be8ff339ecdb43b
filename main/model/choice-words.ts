/**
 * The words of which something is one, each in the order people read them. They stand apart from the schemas that are made of them: the help
 * of the command line names them, and building schemas takes longer than printing it.
 */

/** What a person may make of a column of a text file. */
export const importTypes = ['boolean', 'integer', 'number', 'decimal', 'text', 'date', 'time', 'timestamp'] as const
export const sourceFormats = ['csv', 'tsv', 'parquet', 'jsonl', 'json', 'arrow', 'derived'] as const
/** Names of the WHATWG, which every runtime knows. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'iso-8859-2',
  'koi8-r',
  'macintosh',
  'ibm866',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr'
] as const
export const quoteEscapes = ['double', 'backslash'] as const
export const detectionLimits = ['limit', 'half'] as const

export const columnRoles = ['feature', 'target', 'identifier', 'group', 'time', 'weight', 'exposure', 'ignored'] as const
/** When the value is known, seen from the outcome to predict; "after" must never be a feature. */
export const knownWhenValues = ['before', 'at', 'after'] as const

export const modelStages = ['draft', 'in review', 'approved', 'released', 'retired'] as const
/** How much harm a wrong answer of a model does. */
export const riskTiers = ['low', 'medium', 'high'] as const
/** What a person may decide here, in the words of a trust document: authors make, reviewers judge, approvers approve and release, operators deploy. */
export const personRoles = ['author', 'reviewer', 'approver', 'operator'] as const
/** What a model that was made elsewhere may predict. */
export const importableTasks = ['binary', 'multiclass', 'regression'] as const
