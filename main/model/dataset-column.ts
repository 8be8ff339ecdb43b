import { z } from 'zod'
import { columnRoles, knownWhenValues } from './choice-words'

/** What the values of a column are, independent of the exact storage type. */
export const columnKinds = ['boolean', 'integer', 'number', 'text', 'date', 'time', 'timestamp', 'other'] as const
export const columnKindSchema = z.enum(columnKinds)
export type ColumnKind = z.infer<typeof columnKindSchema>

export const columnRoleSchema = z.enum(columnRoles)
export type ColumnRole = z.infer<typeof columnRoleSchema>

export const knownWhenSchema = z.enum(knownWhenValues)
export type KnownWhen = z.infer<typeof knownWhenSchema>

export const columnMetadataSchema = z.object({
  role: columnRoleSchema,
  knownWhen: knownWhenSchema,
  unit: z.string().max(64).nullable(),
  description: z.string().max(4_000).nullable()
})
export type ColumnMetadata = z.infer<typeof columnMetadataSchema>

export const datasetColumnSchema = columnMetadataSchema.extend({
  name: z.string(),
  /** Storage type as SQL names it (BIGINT, VARCHAR, TIMESTAMP, ...). */
  type: z.string(),
  kind: columnKindSchema
})
export type DatasetColumn = z.infer<typeof datasetColumnSchema>

/** Why a model does not learn from a column unless told otherwise. */
export type LeftOutReason = 'ignored' | 'identifier' | 'known after' | 'weight' | 'exposure' | 'target'

/** What keeps a column from being learned from by default, the same for a training and for a check of its table; null for one that is learned from. */
export function whyNoFeature({ role, knownWhen }: { role: ColumnRole | null; knownWhen: KnownWhen | null }): LeftOutReason | null {
  if (role === 'identifier' || role === 'ignored' || role === 'target') return role
  if (knownWhen === 'after') return 'known after'
  return role === 'weight' || role === 'exposure' ? role : null
}

/** A change of column metadata: only the given keys change. */
export const columnPatchSchema = columnMetadataSchema.partial().extend({ name: z.string() })
export type ColumnPatch = z.infer<typeof columnPatchSchema>

/** Within a word, and words of their own. */
const births = /birth|geburt|naissance|nacimiento|nascimento|nascita|(^| )(dob|born|gebdat|gebdatum|gebtag)( |$)/

/** Whether the name of a column says that it holds when somebody was born, which is not when the row came to be. */
export const saysBirth = (name: string): boolean =>
  births.test(
    name
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
  )
