import { ArrowLeft, Scale } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { PolicyProblem } from '../../../../main/model/policy'
import { PolicyTests } from '../../../evidence'
import { useHostCommand, useHostQuery } from '../../../host'
import {
  Badge,
  Button,
  CodeEditor,
  ErrorState,
  HashChip,
  IconButton,
  navigate,
  Page,
  PageHeader,
  Skeleton,
  SplitPane,
  Tabs,
  useActions,
  type CodeDiagnostic
} from '../../../ui'
import { keepPolicyText, useModelsState } from '../models-store'
import { EvaluateDialog } from './evaluate-dialog'
import { FactVocabulary } from './fact-vocabulary'
import { GateResults } from './gate-results'
import { newPolicyText } from './new-policy-text'
import { PolicyProblems } from './policy-problems'
import { PolicyVersions } from './policy-versions'

/** One policy as text, with its problems, its tests run as one types, and the facts it may name. Null is a new policy. */
export function PolicyEditorPage({ name }: { name: string | null }) {
  const saved = useHostQuery('policies.get', { name: name ?? '' }, { enabled: name !== null })
  const back = <IconButton icon={ArrowLeft} label="Back to the policies" onClick={() => navigate('models', ['policies'])} />
  if (name !== null && saved.error)
    return (
      <Page header={<PageHeader back={back} title={name} />}>
        <ErrorState error={saved.error} onRetry={() => void saved.refetch()} />
      </Page>
    )
  if (name !== null && !saved.data)
    return (
      <Page header={<PageHeader back={back} title={name} />}>
        <Skeleton lines={10} />
      </Page>
    )
  return <Editor name={name} savedText={saved.data?.text ?? null} sha256={saved.data?.summary.sha256 ?? null} back={back} />
}

const toDiagnostic = (problem: PolicyProblem): CodeDiagnostic[] =>
  problem.line === undefined
    ? []
    : [
        {
          line: problem.line,
          column: problem.column,
          endColumn:
            problem.column !== undefined && problem.from !== undefined && problem.to !== undefined
              ? problem.column + Math.max(1, problem.to - problem.from)
              : undefined,
          severity: problem.severity === 'error' ? 'error' : 'warn',
          message: problem.message
        }
      ]

/** The text a little after the last key, so that each pause in typing is checked once. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

interface EditorProps {
  name: string | null
  savedText: string | null
  sha256: string | null
  back: React.ReactNode
}

function Editor({ name, savedText, sha256, back }: EditorProps) {
  const draft = useModelsState((state) => state.policyTexts[name ?? ''])
  const text = draft ?? savedText ?? newPolicyText
  const dirty = text !== savedText
  const settled = useSettled(text)
  const check = useHostQuery('policies.check', { text: settled }, { keepPrevious: true })
  const problems = check.data?.problems ?? []
  const tests = check.data?.tests ?? []
  const diagnostics = useMemo(() => (check.data?.problems ?? []).flatMap(toDiagnostic), [check.data])
  const failing = tests.filter((test) => !test.passed).length
  const [side, setSide] = useState<'tests' | 'facts' | 'gates' | 'versions'>('tests')
  const [applying, setApplying] = useState(false)
  const save = useHostCommand('policies.save', {
    inline: true,
    success: (summary) => `${summary.title} is saved as version ${summary.sha256.slice(0, 8)}.`,
    onSuccess: (summary) => {
      keepPolicyText(name ?? '', null)
      if (summary.name !== name) navigate('models', ['policies', summary.name], {}, { replace: true })
    }
  })
  const textName = /^name:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1] ?? null
  const submit = () => void save.run({ text })
  useActions([
    {
      id: 'policies.save',
      title: 'Save the policy as a new version',
      group: 'Policies',
      keys: 'Mod+S',
      isAvailable: () => dirty,
      run: submit
    },
    {
      id: 'policies.evaluate',
      title: 'Apply this policy to a run',
      group: 'Policies',
      isAvailable: () => name !== null,
      run: () => setApplying(true)
    },
    {
      id: 'policies.versions',
      title: 'Show the versions of this policy',
      group: 'Policies',
      isAvailable: () => name !== null,
      run: () => setSide('versions')
    }
  ])
  return (
    <Page
      header={
        <PageHeader
          back={back}
          title={name ?? 'New policy'}
          status={
            <>
              {sha256 && <HashChip hash={sha256} label="Saved version" />}
              {dirty ? <Badge status="warn">Not saved</Badge> : <Badge status="ok">Saved</Badge>}
              {name !== null && textName !== null && textName !== name && (
                <span>
                  saves as the policy <span className="font-mono">{textName}</span>
                </span>
              )}
            </>
          }
          actions={
            <>
              {dirty && savedText !== null && (
                <Button variant="ghost" onClick={() => keepPolicyText(name ?? '', null)}>
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
            <Button variant="primary" disabled={!dirty} loading={save.busy} onClick={submit}>
              Save new version
            </Button>
          }
        />
      }
    >
      {save.error ? (
        <div className="p-3">
          <ErrorState compact title="The policy was not saved" error={save.error} />
        </div>
      ) : null}
      <div className="min-h-0 flex-1">
        <SplitPane
          name="policy side"
          fixed="second"
          size={400}
          min={280}
          first={
            <SplitPane
              name="policy problems"
              orientation="column"
              fixed="second"
              size={140}
              min={60}
              first={
                <CodeEditor
                  bare
                  language="yaml"
                  aria-label="Policy text"
                  value={text}
                  onChange={(next) => keepPolicyText(name ?? '', next === savedText ? null : next)}
                  diagnostics={diagnostics}
                />
              }
              second={
                check.error ? (
                  <ErrorState compact error={check.error} onRetry={() => void check.refetch()} />
                ) : (
                  <PolicyProblems problems={problems} current={check.data !== undefined && !check.isPlaceholderData && settled === text} />
                )
              }
            />
          }
          second={
            <Tabs
              aria-label="Beside the policy"
              className="h-full"
              value={side}
              onChange={setSide}
              items={[
                {
                  value: 'tests',
                  label: 'Tests',
                  mark: failing > 0 ? `${failing} of ${tests.length} fail` : tests.length,
                  content: (
                    <div className="p-3">
                      <PolicyTests tests={tests} />
                    </div>
                  )
                },
                { value: 'facts', label: 'Facts', content: <FactVocabulary /> },
                {
                  value: 'gates',
                  label: 'Gates',
                  content: (
                    <div className="p-3">
                      {name === null ? <p className="text-muted">Save the policy first.</p> : <GateResults policy={name} />}
                    </div>
                  )
                },
                {
                  value: 'versions',
                  label: 'Versions',
                  content: (
                    <div className="p-3">
                      {name === null ? (
                        <p className="text-muted">Save the policy first.</p>
                      ) : (
                        <PolicyVersions policy={name} onTakeText={(older) => keepPolicyText(name, older === savedText ? null : older)} />
                      )}
                    </div>
                  )
                }
              ]}
            />
          }
        />
      </div>
      {applying && <EvaluateDialog run={null} policy={name} hasUnsavedText={dirty} onClose={() => setApplying(false)} />}
    </Page>
  )
}
