import { Button, Panel, StatusIcon } from '../../ui'
import { fileStates } from './file-tree'
import { filesOfTopic, guideTopics, type GuideTopic } from './guide'
import type { Reviewed, ReviewTab } from './use-review'

export interface GuideTabProps {
  reviewed: Reviewed
  onShowFile: (name: string) => void
  onShowTab: (tab: ReviewTab) => void
}

/** What a reviewer must see, and the file that shows it; what the bundle lacks is said. */
export function GuideTab({ reviewed, onShowFile, onShowTab }: GuideTabProps) {
  return (
    <div className="mx-auto flex max-w-260 flex-col gap-3 p-4">
      <Panel title="What to look for" hint="and where this bundle answers it" flush>
        <ul aria-label="What to look for">
          {guideTopics.map((topic) => (
            <Topic key={topic.title} topic={topic} reviewed={reviewed} onShowFile={onShowFile} onShowTab={onShowTab} />
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

function Topic({ topic, reviewed, onShowFile, onShowTab }: GuideTabProps & { topic: GuideTopic }) {
  const files = filesOfTopic(topic, reviewed.files)
  const { tab } = topic
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-1 border-b px-3 py-2 last:border-b-0 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div className="min-w-0">
        <h3 className="font-medium">{topic.title}</h3>
        <p className="text-caption text-muted">{topic.asked}</p>
      </div>
      <div className="flex min-w-0 flex-col items-start gap-0.5">
        {files.slice(0, 8).map((file) => {
          const { status, word, meaning } = fileStates[file.state]
          return (
            <span key={file.path} className="flex max-w-full items-center gap-2">
              <StatusIcon status={status} />
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
