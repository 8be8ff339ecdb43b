import type { DatasetVersionSummary } from '../../../main/model/dataset'
import { formatCount } from '../../ui'

type Losses = Pick<DatasetVersionSummary, 'badRows' | 'misfits' | 'source'>

/** Cells that did not fit and rows that were left out. */
export const misfitCount = ({ badRows, misfits }: Pick<Losses, 'badRows' | 'misfits'>): number => badRows + (misfits?.cells ?? 0)

/** What became of them, in words; empty where all of the file came in as it stands. */
export function misfitSentence({ badRows, misfits, source }: Losses): string {
  const file = source?.name ?? 'the file'
  const cells = misfits?.cells ?? 0
  const parts: string[] = []
  if (cells > 0)
    parts.push(
      `${formatCount(cells, 'cell')} of ${file} did not fit the type of ${cells === 1 ? 'its column and is missing; its row is' : `their columns and are missing; the ${formatCount(misfits?.rows ?? 0, 'row')} with them are`} there.`
    )
  if (badRows > 0)
    parts.push(`${formatCount(badRows, 'row')} of ${file} could not be read and ${badRows === 1 ? 'was' : 'were'} left out of the dataset.`)
  return parts.join(' ')
}
