import type { ReactNode } from 'react'
import { PolicyTests } from '../../evidence'
import { Tabs } from '../../ui'
import { FactVocabulary } from './fact-vocabulary'
import { GateResults } from './gate-results'
import { PolicyVersions } from './policy-versions'
import type { PolicyDraft } from './use-policy-draft'

export type SideTab = 'tests' | 'facts' | 'gates' | 'versions'

export interface PolicySideProps {
  /** Null for a policy that was never saved. */
  name: string | null
  draft: PolicyDraft
  shown: SideTab
  onShow: (tab: SideTab) => void
}

/** Beside the text: its tests, the facts it may name, and what became of its saved versions. */
export function PolicySide({ name, draft, shown, onShow }: PolicySideProps) {
  const tests = draft.check.data?.tests ?? []
  const failing = tests.filter((test) => !test.passed).length
  const ofSaved = (content: (name: string) => ReactNode) =>
    padded(name === null ? <p className="text-muted">Save the policy first.</p> : content(name))
  return (
    <Tabs
      aria-label="Beside the policy"
      className="h-full"
      value={shown}
      onChange={onShow}
      items={[
        {
          value: 'tests',
          label: 'Tests',
          mark: failing > 0 ? `${failing} of ${tests.length} fail` : tests.length,
          content: padded(<PolicyTests tests={tests} />)
        },
        { value: 'facts', label: 'Facts', content: <FactVocabulary /> },
        { value: 'gates', label: 'Gates', content: ofSaved((policy) => <GateResults policy={policy} />) },
        {
          value: 'versions',
          label: 'Versions',
          content: ofSaved((policy) => <PolicyVersions policy={policy} onTakeText={draft.change} />)
        }
      ]}
    />
  )
}

const padded = (content: ReactNode) => <div className="p-3">{content}</div>
