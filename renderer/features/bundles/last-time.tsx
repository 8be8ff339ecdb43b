import { History } from 'lucide-react'
import type { AskedBefore } from '../../../main/model/commands/bundles'
import { placeText } from '../../../main/model/place'
import { useHostCommand } from '../../host'
import { Button, fileNameOf, shortHash, TimeText } from '../../ui'
import { askedAgain, countCertificateSettings, isSameQuestion, type Asked } from './asked'
import type { Review } from './use-review'

/** What was asked when this bundle was open before: offered again, never asked by itself, and forgotten on request. */
export function LastTime({ review }: { review: Review }) {
  const { lastTime, asked, ask, reviewed, forgetLastTime } = review
  const forget = useHostCommand('bundles.forgetAsked', { success: 'It is not remembered any more.', onSuccess: forgetLastTime })
  const bundleDigest = reviewed?.report.bundleDigest
  if (!lastTime || !bundleDigest) return null
  const again = askedAgain(lastTime)
  const isAsked = isSameQuestion(again, asked)
  return (
    <div
      aria-label="Asked last time"
      role="group"
      className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-info-soft px-2 py-1"
    >
      <History aria-hidden className="size-3.5 shrink-0 text-info" />
      <p className="min-w-0 flex-1 text-caption [overflow-wrap:anywhere]" title={titleOf(lastTime)}>
        {isAsked ? 'As asked last time' : 'Asked last time'}, <TimeText value={lastTime.at} relative />
        {!isAsked && `: ${wordsOf(again)}`}
      </p>
      {!isAsked && (
        <Button size="sm" onClick={() => ask(again)}>
          Ask it again
        </Button>
      )}
      <Button size="sm" variant="ghost" loading={forget.busy} onClick={() => void forget.run({ bundleDigest })}>
        Forget it
      </Button>
    </div>
  )
}

/** A question in a line: whom it trusted and what had to hold. */
function wordsOf(asked: Asked): string {
  const { key, fingerprint, root, people, kept, reviewers, approvals, gate, released } = asked
  const file = (what: string, place: string | undefined) => (place ? [`${what} ${fileNameOf(placeText(place))}`] : [])
  const certificates = countCertificateSettings(asked)
  return [
    ...file('key', key),
    ...(fingerprint ? [`fingerprint ${shortHash(fingerprint)}`] : []),
    ...file('root', root),
    ...file('people', people),
    ...(kept ? ['the people kept here'] : []),
    ...reviewers.flatMap((place) => file('reviewer', place)),
    ...(approvals ? [`approvals: ${approvals}`] : []),
    ...(gate ? ['the gate'] : []),
    ...(released ? ['a release'] : []),
    ...(certificates > 0 ? [`${certificates} of certificates and time`] : [])
  ].join(', ')
}

const titleOf = ({ trust }: AskedBefore): string =>
  [trust.publicKeyPath, trust.rootCertificatePath, trust.trustPath, ...(trust.reviewerPaths ?? [])]
    .flatMap((place) => (place ? [placeText(place)] : []))
    .join('\n')
