import { Button, ErrorState, Progress } from '../../ui'
import { countCertificateSettings, nobody, trustsSomebody } from './asked'
import type { Review } from './use-review'

/** The verification itself: how far it is, why it could not be done, that it was stopped. */
export function ReviewWork({ review, onOpenFile }: { review: Review; onOpenFile: () => void }) {
  const { reviewed, asked, ask } = review
  return (
    <>
      {review.running && (
        <div className="shrink-0 border-b px-4 py-3">
          <Progress value={review.fraction} label="Verifying every file against the signature" onCancel={review.cancel} />
        </div>
      )}
      {review.error ? (
        <ErrorState
          className={reviewed ? 'm-3' : undefined}
          compact={Boolean(reviewed)}
          title={reviewed ? 'The bundle could not be verified again; what is shown is the former result' : 'The bundle cannot be read'}
          error={review.error}
          onRetry={review.verifyAgain}
          action={
            <>
              {(trustsSomebody(asked) || countCertificateSettings(asked) > 0) && (
                <Button size={reviewed ? 'sm' : 'md'} onClick={() => ask(nobody)}>
                  Verify without trust
                </Button>
              )}
              <Button size={reviewed ? 'sm' : 'md'} onClick={() => onOpenFile()}>
                Open another bundle
              </Button>
            </>
          }
        />
      ) : null}
      {!review.running && !review.error && !reviewed && (
        <ErrorState
          error="The verification was stopped. Nothing is known about this bundle yet. Verify it again."
          onRetry={review.verifyAgain}
        />
      )}
    </>
  )
}
