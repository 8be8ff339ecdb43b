import { ArrowLeft, FolderOpen, KeyRound, PackageOpen, PenLine, RotateCw } from 'lucide-react'
import { TrustBadge } from '../../evidence'
import { useOs } from '../../host'
import { Button, fileNameOf, IconButton, Menu, navigate, PageHeader, type MenuEntry } from '../../ui'
import { SaveSheets } from './save-sheets'
import type { Review } from './use-review'
import { describeVerdict } from './verdict'

interface ReviewHeaderProps {
  path: string
  review: Review
  trustEntries: readonly MenuEntry[]
  onOpenFile: () => void
}

/** Which bundle it is, whether it can be trusted, and what can be done with it. */
export function ReviewHeader({ path, review, trustEntries, onOpenFile }: ReviewHeaderProps) {
  const os = useOs()
  const { reviewed } = review
  const verdict = reviewed && !review.running ? describeVerdict(reviewed.report) : null
  return (
    <PageHeader
      back={<IconButton icon={ArrowLeft} label="Back to the bundles" onClick={() => navigate('bundles')} />}
      title={reviewed?.model ? `${reviewed.model.name}, version ${reviewed.model.version}` : fileNameOf(review.place)}
      status={
        <>
          {verdict && reviewed && <TrustBadge state={verdict.trust} reason={reviewed.report.summary} />}
          <span className="truncate font-mono text-caption" title={review.place}>
            {fileNameOf(review.place)}
          </span>
        </>
      }
      actions={
        <>
          <IconButton icon={PackageOpen} label="Open another bundle" onClick={() => onOpenFile()} />
          <IconButton icon={FolderOpen} label="Show in folder" onClick={() => void os.showInFolder(path)} />
          <Button icon={RotateCw} disabled={review.running} onClick={review.verifyAgain}>
            Verify again
          </Button>
          <SaveSheets path={path} review={review} />
          <Menu align="end" trigger={<Button icon={KeyRound}>Choose whom you trust</Button>} entries={trustEntries} />
        </>
      }
      primary={
        <Button
          variant="primary"
          icon={PenLine}
          disabled={!reviewed || reviewed.report.verdict === 'altered'}
          onClick={() => review.showTab('countersign')}
        >
          Countersign
        </Button>
      }
    />
  )
}
