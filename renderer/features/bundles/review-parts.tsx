import { Tabs, type TabItem } from '../../ui'
import { ChecksTab } from './checks-tab'
import { CountersignTab } from './countersign-tab'
import { DecisionsTab } from './decisions-tab'
import { EvidenceTab } from './evidence-tab'
import { GuideTab } from './guide-tab'
import { showBundle } from './open-bundle'
import { glassBoxFile, ModelTab } from './model-tab'
import { settledTitle } from '../../evidence'
import { hasSettledFiles, SettledTab } from './settled-tab'
import { WhyTab } from './why-tab'
import type { Review, Reviewed, ReviewTab } from './use-review'

interface ReviewPartsProps {
  review: Review
  reviewed: Reviewed
  onShowFile: (name: string) => void
}

/** What a reviewer reads and does: evidence, guide, checks, decisions, and the own one. */
export function ReviewParts({ review, reviewed, onShowFile: showFile }: ReviewPartsProps) {
  const { asked } = review
  const decisions = reviewed.report.attestations.filter((each) => each.decision !== null).length
  const glassBox = glassBoxFile(reviewed.files)
  const items: TabItem<ReviewTab>[] = [
    { value: 'evidence', label: 'Evidence', mark: reviewed.files.length, content: <EvidenceTab reviewed={reviewed} /> },
    ...(glassBox
      ? [{ value: 'model' as const, label: 'Model', content: <ModelTab bundle={reviewed.path} file={glassBox} files={reviewed.files} /> }]
      : []),
    ...(hasSettledFiles(reviewed.files)
      ? [{ value: 'settled' as const, label: settledTitle, content: <SettledTab reviewed={reviewed} /> }]
      : []),
    { value: 'why', label: 'Why', content: <WhyTab reviewed={reviewed} onShowFile={showFile} /> },
    {
      value: 'guide',
      label: 'Guide',
      content: <GuideTab reviewed={reviewed} onShowFile={showFile} onShowTab={review.showTab} />
    },
    { value: 'checks', label: 'Checks', content: <ChecksTab reviewed={reviewed} /> },
    {
      value: 'decisions',
      label: 'Decisions',
      mark: decisions,
      content: <DecisionsTab reviewed={reviewed} onCountersign={() => review.showTab('countersign')} />
    },
    {
      value: 'countersign',
      label: 'Countersign',
      content: (
        <CountersignTab
          reviewed={reviewed}
          asked={asked}
          onSigned={(signed) => {
            if (signed !== reviewed.path) return showBundle(signed, asked, 'decisions')
            review.showTab('decisions')
            review.verifyAgain()
          }}
          onShowChecks={() => review.showTab('checks')}
        />
      )
    }
  ]
  return (
    <Tabs
      aria-label="Parts of the review"
      items={items}
      value={items.some(({ value }) => value === review.tab) ? review.tab : 'evidence'}
      onChange={review.showTab}
      className="min-h-75 flex-1"
    />
  )
}
