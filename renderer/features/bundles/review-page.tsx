import { ArrowLeft, BadgeInfo, FolderOpen, KeyRound, PackageOpen, PenLine, RotateCw, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { TrustBadge } from '../../evidence'
import { useOs } from '../../host'
import { Button, ErrorState, IconButton, Menu, navigate, Page, PageHeader, Progress, Tabs, useActions, type TabItem } from '../../ui'
import { chooseFile } from './bundles-store'
import { ChecksTab } from './checks-tab'
import { CountersignTab } from './countersign-tab'
import { DecisionsTab } from './decisions-tab'
import { EvidenceTab } from './evidence-tab'
import { FingerprintDialog } from './fingerprint-dialog'
import { GuideTab } from './guide-tab'
import { showBundle, useOpenBundle } from './open-bundle'
import { reviewTabs, useReview, type ReviewTab } from './use-review'
import { describeVerdict } from './verdict'
import { VerdictBanner } from './verdict-banner'

const fileName = (path: string) => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path

/** Judges one bundle: verdict, evidence, checks, decisions, and the reviewer's own. Read-only but for the countersignature. */
export function ReviewPage({ path }: { path: string }) {
  const os = useOs()
  const review = useReview(path)
  const { openFile } = useOpenBundle()
  const [askFingerprint, setAskFingerprint] = useState(false)
  const { reviewed, trust, setTrust } = review
  const chooseKey = async () => {
    const files = await os.openFiles({ title: "The signer's public key", filters: [{ name: 'Public key', extensions: ['pem', 'pub'] }] })
    if (files?.[0]) setTrust({ key: files[0] })
  }
  const chooseRoot = async () => {
    const files = await os.openFiles({ title: 'A root certificate', filters: [{ name: 'Certificate', extensions: ['pem', 'crt', 'cer'] }] })
    if (files?.[0]) setTrust({ root: files[0] })
  }
  const trustEntries = [
    { id: 'key', label: 'Public key file', icon: KeyRound, onSelect: () => void chooseKey() },
    { id: 'root', label: 'Root certificate file', icon: ScrollText, onSelect: () => void chooseRoot() },
    { id: 'fingerprint', label: 'Fingerprint heard from the signer', icon: BadgeInfo, onSelect: () => setAskFingerprint(true) },
    ...(trust.key || trust.root || trust.fingerprint
      ? (['separator', { id: 'nobody', label: 'Trust nobody', onSelect: () => setTrust({}) }] as const)
      : [])
  ]
  useActions([
    { id: 'bundles.trust-key', title: 'Trust a public key file', group: 'Bundles', icon: KeyRound, run: () => void chooseKey() },
    { id: 'bundles.trust-root', title: 'Trust a root certificate', group: 'Bundles', icon: ScrollText, run: () => void chooseRoot() },
    {
      id: 'bundles.trust-fingerprint',
      title: 'Trust a fingerprint',
      group: 'Bundles',
      icon: BadgeInfo,
      run: () => setAskFingerprint(true)
    },
    { id: 'bundles.verify', title: 'Verify this bundle again', group: 'Bundles', icon: RotateCw, run: review.verifyAgain },
    {
      id: 'bundles.countersign',
      title: 'Countersign this bundle',
      group: 'Bundles',
      icon: PenLine,
      run: () => review.showTab('countersign')
    },
    {
      id: 'bundles.show-in-folder',
      title: 'Show this bundle in its folder',
      group: 'Bundles',
      icon: FolderOpen,
      run: () => void os.showInFolder(path)
    },
    ...reviewTabs
      .filter((tab) => tab !== 'countersign')
      .map((tab) => ({
        id: `bundles.tab.${tab}`,
        title: `Show the ${tab} of this bundle`,
        group: 'Bundles',
        run: () => review.showTab(tab)
      }))
  ])
  const showFile = (name: string) => {
    chooseFile(path, name)
    review.showTab('evidence')
  }
  const verdict = reviewed && !review.running ? describeVerdict(reviewed.report) : null
  const decisions = reviewed?.report.attestations.filter((each) => each.decision !== null).length ?? 0
  const items: TabItem<ReviewTab>[] = reviewed
    ? [
        { value: 'evidence', label: 'Evidence', mark: reviewed.files.length, content: <EvidenceTab reviewed={reviewed} /> },
        {
          value: 'guide',
          label: 'Guide',
          content: <GuideTab reviewed={reviewed} onShowFile={showFile} onShowTab={review.showTab} />
        },
        { value: 'checks', label: 'Checks', content: <ChecksTab reviewed={reviewed} trust={trust} trustEntries={trustEntries} /> },
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
              onSigned={(signed) => {
                if (signed !== reviewed.path) return showBundle(signed, trust, 'decisions')
                review.showTab('decisions')
                review.verifyAgain()
              }}
              onShowChecks={() => review.showTab('checks')}
            />
          )
        }
      ]
    : []
  return (
    <Page
      header={
        <PageHeader
          back={<IconButton icon={ArrowLeft} label="Back to the bundles" onClick={() => navigate('bundles')} />}
          title={reviewed?.model ? `${reviewed.model.name}, version ${reviewed.model.version}` : fileName(path)}
          status={
            <>
              {verdict && reviewed && <TrustBadge state={verdict.trust} reason={reviewed.report.summary} />}
              <span className="truncate font-mono text-caption" title={path}>
                {fileName(path)}
              </span>
            </>
          }
          actions={
            <>
              <IconButton icon={PackageOpen} label="Open another bundle" onClick={() => void openFile()} />
              <IconButton icon={FolderOpen} label="Show in folder" onClick={() => void os.showInFolder(path)} />
              <Button icon={RotateCw} disabled={review.running} onClick={review.verifyAgain}>
                Verify again
              </Button>
              <Menu align="end" trigger={<Button icon={KeyRound}>Choose whom you trust</Button>} entries={trustEntries} />
            </>
          }
          primary={
            <Button
              variant="primary"
              icon={PenLine}
              disabled={!reviewed || reviewed.report.verdict === 'failed'}
              onClick={() => review.showTab('countersign')}
            >
              Countersign
            </Button>
          }
        />
      }
    >
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
              {(trust.key || trust.root || trust.fingerprint) && (
                <Button size={reviewed ? 'sm' : 'md'} onClick={() => setTrust({})}>
                  Verify without trust
                </Button>
              )}
              <Button size={reviewed ? 'sm' : 'md'} onClick={() => void openFile()}>
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
      {reviewed && (
        // In a low window, as at 200% zoom, the verdict scrolls away instead of leaving no room for what is read.
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          {reviewed.demo && (
            <p className="shrink-0 border-b border-warn/40 bg-warn-soft px-4 py-1.5 font-medium text-warn">
              Demo identities: the people and signatures in this bundle come from a sample. They show the procedure and approve nothing.
            </p>
          )}
          {!review.running && (
            <VerdictBanner
              reviewed={reviewed}
              trustEntries={trustEntries}
              onShowChecks={() => review.showTab('checks')}
              onShowDecisions={() => review.showTab('decisions')}
              onShowFile={showFile}
            />
          )}
          <Tabs aria-label="Parts of the review" items={items} value={review.tab} onChange={review.showTab} className="min-h-75 flex-1" />
        </div>
      )}
      {askFingerprint && (
        <FingerprintDialog
          signer={reviewed?.report.signer?.keyFingerprint ?? null}
          onClose={() => setAskFingerprint(false)}
          onChoose={(fingerprint) => {
            setAskFingerprint(false)
            setTrust({ fingerprint })
          }}
        />
      )}
    </Page>
  )
}
