import { ArrowLeft, Scale } from 'lucide-react'
import { useState } from 'react'
import { ApplyPolicyDialog } from '../../evidence'
import { useHostQuery } from '../../host'
import { Badge, Button, ErrorState, HashChip, IconButton, navigate, Page, PageHeader, PendingPage, SplitPane, useActions } from '../../ui'
import { PolicySide, type SideTab } from './policy-side'
import { PolicyTextPane } from './policy-text-pane'
import { usePolicyDraft, type PolicyDraft } from './use-policy-draft'

/** One policy as text, with its problems, its tests run as one types, and the facts it may name. Null is a new policy. */
export function PolicyEditorPage({ name }: { name: string | null }) {
  const saved = useHostQuery('policies.get', { name: name ?? '' }, { enabled: name !== null })
  if (name !== null && !saved.data) return <PendingPage header={<PageHeader back={<Back />} title={name} />} query={saved} lines={10} />
  return <Editor name={name} savedText={saved.data?.text ?? null} sha256={saved.data?.summary.sha256 ?? null} />
}

const Back = () => <IconButton icon={ArrowLeft} label="Back to the policies" onClick={() => navigate('policies')} />

interface EditorProps {
  name: string | null
  savedText: string | null
  sha256: string | null
}

function Editor({ name, savedText, sha256 }: EditorProps) {
  const draft = usePolicyDraft(name, savedText)
  const [side, setSide] = useState<SideTab>('tests')
  const [applying, setApplying] = useState(false)
  const group = 'Policies'
  const isAvailable = () => name !== null
  useActions([
    {
      id: 'policies.save',
      title: 'Save the policy as a new version',
      group,
      keys: 'Mod+S',
      isAvailable: () => draft.dirty,
      run: draft.submit
    },
    { id: 'policies.evaluate', title: 'Apply this policy to a run', group, isAvailable, run: () => setApplying(true) },
    { id: 'policies.versions', title: 'Show the versions of this policy', group, isAvailable, run: () => setSide('versions') }
  ])
  return (
    <Page
      header={
        <PageHeader
          back={<Back />}
          title={name ?? 'New policy'}
          status={<DraftStatus name={name} sha256={sha256} draft={draft} />}
          actions={
            <>
              {draft.dirty && savedText !== null && (
                <Button variant="ghost" onClick={draft.discard}>
                  Discard changes
                </Button>
              )}
              {name !== null && (
                <Button icon={Scale} onClick={() => setApplying(true)}>
                  Apply to a run
                </Button>
              )}
            </>
          }
          primary={
            <Button variant="primary" disabled={!draft.dirty} loading={draft.save.busy} onClick={draft.submit}>
              Save new version
            </Button>
          }
        />
      }
    >
      {draft.save.error ? (
        <div className="p-3">
          <ErrorState compact title="The policy was not saved" error={draft.save.error} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <SplitPane
          name="policy side"
          fixed="second"
          size={400}
          min={280}
          first={<PolicyTextPane draft={draft} />}
          second={<PolicySide name={name} draft={draft} shown={side} onShow={setSide} />}
        />
      </div>
      {applying && <ApplyPolicyDialog run={null} policy={name} hasUnsavedText={draft.dirty} onClose={() => setApplying(false)} />}
    </Page>
  )
}

function DraftStatus({ name, sha256, draft }: { name: string | null; sha256: string | null; draft: PolicyDraft }) {
  const { dirty, textName } = draft
  return (
    <>
      {sha256 && <HashChip hash={sha256} label="Saved version" />}
      {dirty ? <Badge status="warn">Not saved</Badge> : <Badge status="ok">Saved</Badge>}
      {name !== null && textName !== null && textName !== name && (
        <span>
          saves as the policy <span className="font-mono">{textName}</span>
        </span>
      )}
    </>
  )
}
