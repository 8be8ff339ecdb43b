import { Page } from '../../ui'
import { chooseFile } from './bundles-store'
import { useOpenBundle } from './open-bundle'
import { useReviewActions } from './review-actions'
import { QuestionPanel } from './question-panel'
import { ReviewHeader } from './review-header'
import { ReviewParts } from './review-parts'
import { ReviewWork } from './review-work'
import { useReview } from './use-review'
import { useTrustChoice } from './use-trust-choice'
import { VerdictBanner } from './verdict-banner'

/** Judges one bundle: verdict, evidence, checks, decisions, and the reviewer's own. Read-only but for the countersignature. */
export function ReviewPage({ path }: { path: string }) {
  const review = useReview(path)
  const choice = useTrustChoice(review)
  const { openFile } = useOpenBundle()
  useReviewActions(path, review, choice)
  const { reviewed } = review
  const showFile = (name: string) => {
    chooseFile(path, name)
    review.showTab('evidence')
  }
  return (
    <Page header={<ReviewHeader path={path} review={review} trustEntries={choice.entries} onOpenFile={() => void openFile()} />}>
      <ReviewWork review={review} onOpenFile={() => void openFile()} />
      {reviewed && (
        // In a low window, as at 200% zoom, the verdict scrolls away instead of leaving no room for what is read.
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          {reviewed.demo && (
            <p className="shrink-0 border-b border-warn/40 bg-warn-soft px-4 py-1.5 font-medium text-warn">
              Demo identities: the people and signatures in this bundle come from a sample. They show the procedure and approve nothing.
            </p>
          )}
          <div className="grid shrink-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_420px]">
            {review.running ? (
              <p className="border-b px-4 py-2.5 text-muted">The bundle is verified for what you ask.</p>
            ) : (
              <VerdictBanner
                reviewed={reviewed}
                trustEntries={choice.entries}
                onShowChecks={() => review.showTab('checks')}
                onShowDecisions={() => review.showTab('decisions')}
                onShowFile={showFile}
              />
            )}
            <QuestionPanel review={review} choice={choice} />
          </div>
          <ReviewParts review={review} reviewed={reviewed} onShowFile={showFile} />
        </div>
      )}
      {choice.dialog}
    </Page>
  )
}
