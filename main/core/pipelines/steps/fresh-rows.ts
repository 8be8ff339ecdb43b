import { existsSync } from 'node:fs'
import { WorkbenchError } from '../../../model/errors'
import type { Sha256 } from '../../../model/reference'
import type { ModelSignature } from '../../../model/training'
import { assertDigest } from '../../../storage/objects/digest-check'
import type { Ancestry, PlacedFile, StepContext, StepInput } from '../define-step'
import { countSharedRows } from './evaluate/shared-rows'
import { upstream as originsOf, type Origins } from './evaluate/upstream'
import { declaredTrainingTable } from './training-record'

/** Looks up in the journal what the model can have learned from, and which of these tables a split parted from the rows. */
export function upstream(
  { model, rows }: { model: PlacedFile; rows: PlacedFile },
  ancestry: Ancestry
): { origins: Origins; apart: Sha256[] } {
  const { origins } = originsOf({ model, test: rows }, ancestry)
  return { origins, apart: origins.learnedFrom.filter((table) => ancestry.areSeparated(table, rows.sha256)) }
}

type Place = Pick<StepContext<unknown>, 'database' | 'tablePath'> & { inputs: { model: StepInput; rows: StepInput } }

/**
 * Refuses rows that the model learned from, or that something was chosen on where that counts; `but` are tables that the model may have seen.
 * A record beside the model that names a table which nothing upstream read is refused as well.
 * @returns what is not known of it, as warnings
 * @throws WorkbenchError INVALID_INPUT, EVIDENCE_MISMATCH
 */
export async function assertFresh(
  { inputs: { model, rows }, database, tablePath }: Place,
  frozen: Record<string, unknown>,
  signature: ModelSignature,
  but: readonly (Sha256 | undefined)[]
): Promise<string[]> {
  const { learnedFrom } = frozen.origins as Origins
  const declared = await declaredTrainingTable(model.files['training.json'])
  if (declared !== null && learnedFrom.length > 0 && !learnedFrom.includes(declared))
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The model says that it learned from the table ${declared.slice(0, 8)}, which no step before it read. Correct its training.json, or leave that file out.`
    )
  const seen = [...new Set([...learnedFrom, ...(declared === null ? [] : [declared])])].filter((table) => !but.includes(table))
  if (seen.includes(rows.sha256)) throw notFresh('These are the rows', null)
  if (seen.length === 0 && declared === null && learnedFrom.length === 0)
    return ['Which rows the model learned from is not known, so that it never saw these is not known either.']
  // What steps read is in the journal; a model that was made elsewhere can have learned from more.
  const unstated =
    declared === null
      ? ['The model does not say which rows it learned from: these were compared only with tables that the steps before it read.']
      : []
  if (!seen.every((table) => existsSync(tablePath(table))))
    return ['A table that the model learned from is gone, so whether it saw these rows is not known.', ...unstated]
  for (const table of seen) await assertDigest(tablePath(table), table, `The table ${table.slice(0, 8)} that the model learned from`)
  if (seen.length === 0) return unstated
  const { shared, alike } = await countSharedRows(database, {
    judged: rows.path,
    training: seen.map(tablePath),
    target: signature.target.name,
    inputs: signature.inputs.map(({ name }) => name)
  })
  const isApart = seen.every((table) => (frozen.apart as Sha256[]).includes(table))
  if (shared !== null && shared > 0) {
    if (!isApart) throw notFresh(`${shared} of these rows are among the rows`, shared)
    // A split parted them: these are rows of the source that say the same.
    return [`${shared} of these rows are equal to rows that the model was made from: the data has some twice.`, ...unstated]
  }
  return alike !== null && alike > 0
    ? [`${alike} of these rows are to the model like rows that it learned from, which is more than chance explains.`, ...unstated]
    : unstated
}

const notFresh = (what: string, shared: number | null): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `${what} that the model was made from, and on them it looks better than it is. Split off rows of their own before the training and connect those.`,
    { details: { shared } }
  )
