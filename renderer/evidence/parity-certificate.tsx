import { describeParity, differenceWords, shareWords, type Parity } from '../../main/model/parity'
import { formatAuto, formatCount, Stat, StatusIcon } from '../ui'

/** How far a model answers otherwise than the program that trained it: the largest difference, and the decisions that it changes. */
export function ParityCertificate({ parity }: { parity: Parity }) {
  const { largest, mean, flips, largestRelative, worst, rows, threshold } = parity
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-3">
        <Stat
          label="Largest difference"
          value={differenceWords(largest)}
          hint={`row ${worst.row + 1}: ${formatAuto(worst.original)} and ${formatAuto(worst.model)}`}
        />
        <Stat label="Mean difference" value={differenceWords(mean)} hint={formatCount(rows, 'row')} />
        {flips === null ? (
          <Stat label="Largest share" value={shareWords(largestRelative!)} hint="of the amount" />
        ) : (
          <Stat
            label="Decisions that change"
            value={flips.toLocaleString('en')}
            hint={threshold === null ? 'by the most probable class' : `at the threshold ${threshold}`}
          />
        )}
      </div>
      <p className="flex items-start gap-2" data-selectable>
        {/* How far an amount may be off is for people to say: only decisions are right or changed. */}
        <StatusIcon status={flips === null ? 'neutral' : flips === 0 ? 'ok' : 'error'} className="mt-0.5" />
        {describeParity(parity)}
      </p>
    </div>
  )
}
