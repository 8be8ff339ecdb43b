import { Check, FileText } from 'lucide-react'
import { Button, Panel, StatusIcon, TextInput } from '../../ui'
import { bundlesStore, changeDecision } from './bundles-store'
import { fileStates } from './file-tree'
import { filesOfTopic, guideTopics, type GuideTopic } from './guide'
import { answersAsText, useGuideAnswers } from './guide-answers'
import type { Reviewed, ReviewTab } from './use-review'

export interface GuideTabProps {
  reviewed: Reviewed
  onShowFile: (name: string) => void
  onShowTab: (tab: ReviewTab) => void
}

/** What a reviewer must see, and the file that shows it; what the bundle lacks is said. */
export function GuideTab({ reviewed, onShowFile, onShowTab }: GuideTabProps) {
  const { answers, answer } = useGuideAnswers(reviewed.report.bundleDigest)
  const answered = guideTopics.filter(({ title }) => answers[title] !== undefined).length
  const takeOver = () => {
    const { statement = '' } = bundlesStore.getState().drafts[reviewed.path] ?? {}
    changeDecision(reviewed.path, { statement: [statement.trim(), answersAsText(answers)].filter(Boolean).join('\n\n') })
    onShowTab('countersign')
  }
  return (
    <div className="mx-auto flex max-w-260 flex-col gap-3 p-4">
      <Panel
        title="What to look for"
        hint={`${answered} of ${guideTopics.length} answered by you; your answers stay on this machine`}
        actions={
          <Button size="sm" disabled={answered === 0 || reviewed.report.verdict === 'altered'} onClick={takeOver}>
            Put the answers into my statement
          </Button>
        }
        flush
      >
        <ul aria-label="What to look for">
          {guideTopics.map((topic) => (
            <Topic
              key={topic.title}
              topic={topic}
              given={answers[topic.title] ?? ''}
              onAnswer={(text) => answer(topic.title, text)}
              reviewed={reviewed}
              onShowFile={onShowFile}
              onShowTab={onShowTab}
            />
          ))}
        </ul>
      </Panel>
      <p className="text-caption text-muted">
        Drydock supplies evidence. Whether it is enough is your judgement, and conformity with any rule also needs procedures outside of
        this bundle.
      </p>
    </div>
  )
}

interface TopicProps extends GuideTabProps {
  topic: GuideTopic
  /** What the reviewer answered; empty for nothing yet. */
  given: string
  onAnswer: (text: string) => void
}

function Topic({ topic, given, onAnswer, reviewed, onShowFile, onShowTab }: TopicProps) {
  const files = filesOfTopic(topic, reviewed.files)
  const { tab } = topic
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 border-b px-3 py-2 last:border-b-0 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div className="min-w-0">
        <h3 className="flex items-start gap-1.5 font-medium">
          {given && (
            <span role="img" aria-label="Answered" title="You answered this" className="mt-0.5 text-ok">
              <Check aria-hidden className="size-4" />
            </span>
          )}
          {topic.title}
        </h3>
        <p className="text-caption text-muted">{topic.asked}</p>
        <TextInput
          aria-label={`Your answer: ${topic.title}`}
          placeholder="What you found"
          maxLength={500}
          defaultValue={given}
          onBlur={(event) => onAnswer(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && onAnswer(event.currentTarget.value)}
          className="mt-1 w-full"
        />
      </div>
      <div className="flex min-w-0 flex-col items-start gap-0.5">
        {files.slice(0, 8).map((file) => {
          const { status, word, meaning } = fileStates[file.state]
          return (
            <span key={file.path} className="flex max-w-full items-center gap-2">
              {status === 'ok' ? <FileText aria-hidden className="size-3.5 shrink-0 text-muted" /> : <StatusIcon status={status} />}
              <button
                type="button"
                onClick={() => onShowFile(file.path)}
                title={`${word}. ${meaning}`}
                className="min-w-0 rounded-sm text-left font-mono text-caption [overflow-wrap:anywhere] text-accent hover:underline"
              >
                {file.path}
              </button>
              {status === 'error' && <span className="shrink-0 text-caption font-medium text-error">{word}</span>}
            </span>
          )
        })}
        {files.length > 8 && <span className="text-caption text-muted">and {files.length - 8} more under Evidence</span>}
        {tab && (
          <Button size="sm" variant="ghost" onClick={() => onShowTab(tab)}>
            {tab === 'checks' ? 'Show the checks' : 'Show the decisions'}
          </Button>
        )}
        {files.length === 0 && !tab && (
          <span className="flex items-center gap-2 text-muted">
            <StatusIcon status="warn" /> Not in this bundle. Ask its owner.
          </span>
        )}
      </div>
    </li>
  )
}
