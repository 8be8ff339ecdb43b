import type { ImportedModel } from '../../model/imported-model'
import type { Parity } from '../../model/parity'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'

interface About {
  model: Sha256
  signature: Pick<ModelSignature, 'task'> | null | undefined
  imported: Pick<ImportedModel, 'original' | 'adapted'> | null | undefined
}

/** So far two figures of one certificate may be apart by rounding, as a share. */
const ROUNDED = 1e-9

const short = (digest: string): string => digest.slice(0, 8)

/**
 * Why a certificate of parity is not that of the enclosed model, or says what cannot be, one sentence each: its figures are held against each
 * other, because the predictions of the original are not in a bundle and nobody can count again.
 */
export function findUnboundParity(parity: Parity, { model, signature, imported }: About): string[] {
  const reasons: string[] = []
  const say = (what: string): void => void reasons.push(`evidence/parity.json ${what}.`)
  if (parity.model !== model) say(`is about the model ${short(parity.model)}, but the enclosed one is ${short(model)}`)
  if (signature && parity.task !== String(signature.task))
    say(`is about the task ${parity.task}, but the enclosed signature says ${signature.task}`)
  const original = imported && imported.adapted.length > 0 ? imported.original.sha256 : null
  if (imported && parity.original !== original)
    say(
      `${parity.original === null ? 'names no original' : `is about the original ${short(parity.original)}`}, but evidence/import.json ${original === null ? 'says that the file was used as it is' : `names ${short(original)}`}`
    )
  reasons.push(...findUnfitKind(parity).map((what) => `evidence/parity.json ${what}.`))
  const { rows, largest, mean, flips, worst, threshold, largestRelative } = parity
  // The mean of equal differences may be rounded up.
  if (mean > largest * (1 + ROUNDED)) say(`says that the mean difference is ${mean}, more than the largest, ${largest}`)
  if (worst.row >= rows) say(`says that the largest difference is in row ${worst.row + 1} of ${rows}`)
  const difference = Math.abs(worst.original - worst.model)
  if (!(Math.abs(difference - largest) <= ROUNDED * Math.max(1, Math.abs(worst.original))))
    say(
      `says that the largest difference is ${largest}, but its row of the largest has ${worst.original} and ${worst.model}, which are ${difference} apart`
    )
  if (flips !== null && flips > rows) say(`says that ${flips} decisions of ${rows} change`)
  if (flips !== null && flips > 0 && largest === 0)
    say(`says that ${flips === 1 ? 'a decision changes' : `${flips} decisions change`} although nothing differs`)
  if (threshold !== null && flips === 0 && worst.original >= threshold !== worst.model >= threshold)
    say(
      `says that no decision changes at the threshold ${threshold}, but its row of the largest has ${worst.original} and ${worst.model}, which are decided otherwise`
    )
  const least = largest / Math.max(1, Math.abs(worst.original))
  if (flips === null && largestRelative !== null && largestRelative < least * (1 - ROUNDED))
    say(`says that the largest difference is ${largestRelative} of the amount, but its row of the largest differs by ${least} of it`)
  return reasons
}

/** Which figures a certificate has is a matter of its task: amounts have a share and no decisions, yes or no has a threshold. */
function findUnfitKind({ task, flips, largestRelative, threshold }: Parity): string[] {
  const isAmount = task === 'regression'
  const isBinary = task === 'binary-classification'
  return [
    ...((flips === null) === isAmount ? [] : [isAmount ? 'counts decisions of amounts' : 'does not count the decisions that change']),
    ...((largestRelative !== null) === isAmount
      ? []
      : [isAmount ? 'has no difference as a share of the amount' : 'has a share of amounts, and its task has none']),
    ...((threshold !== null) === isBinary ? [] : [isBinary ? 'has no threshold' : 'has a threshold, and its task has none'])
  ]
}
