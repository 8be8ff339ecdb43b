import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { Button, classNames, Menu, StatusIcon, statusText, type MenuEntry, type Status } from '../../ui'
import type { Reviewed } from './use-review'
import { collectFileProblems, decisionLines, describeVerdict, problemWords } from './verdict'

const softBackground: Record<Status, string> = {
  ok: 'bg-ok-soft',
  warn: 'bg-warn-soft',
  error: 'bg-error-soft',
  info: 'bg-info-soft',
  neutral: 'bg-neutral-soft'
}

export interface VerdictBannerProps {
  reviewed: Reviewed
  trustEntries: readonly MenuEntry[]
  onShowChecks: () => void
  onShowDecisions: () => void
  onShowFile: (name: string) => void
}

/** The verdict in a word and a sentence, with every altered file by name. */
export function VerdictBanner({ reviewed, trustEntries, onShowChecks, onShowDecisions, onShowFile }: VerdictBannerProps) {
  const { report } = reviewed
  const { status, word } = describeVerdict(report)
  const problems = report.verdict === 'altered' ? collectFileProblems(report) : []
  const untrusted = report.verdict === 'insufficient' && report.checks.some(({ id, status }) => id === 'trust' && status !== 'pass')
  // Whom to trust is said in full below the summary.
  const missing = untrusted ? report.missing.filter((each) => !each.startsWith('Trust in the author:')) : report.missing
  return (
    <section
      aria-label="Verdict"
      role={report.verdict === 'altered' ? 'alert' : 'status'}
      className={classNames('flex shrink-0 flex-wrap items-start gap-3 border-b px-4 py-2.5', softBackground[status])}
    >
      <StatusIcon status={status} className="mt-0.5 size-5" />
      <div className="min-w-60 flex-1" data-selectable>
        <h2 className={classNames('text-title font-semibold', statusText[status])}>{word}</h2>
        <p className="[overflow-wrap:anywhere]">{report.summary}</p>
        {untrusted && (
          <p className="mt-1">
            The content is whole, but anybody can make a key and sign. Give the public key, root certificate, fingerprint or trust document
            that you got by another way than this bundle.
          </p>
        )}
        {missing.length > 0 && (
          <ul aria-label="Missing" className="mt-1 list-disc pl-5">
            {missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        {reviewed.model?.concern && (
          <p className={classNames('mt-1 flex items-start gap-1.5 font-medium', statusText[reviewed.model.concern.tone])}>
            <StatusIcon status={reviewed.model.concern.tone} className="mt-0.5" /> {reviewed.model.concern.text}
          </p>
        )}
        {report.verdict !== 'altered' &&
          decisionLines(report.decisions).map(({ decision, text, unknown }) => (
            <p
              key={text}
              className={classNames(
                'mt-1 flex items-start gap-1.5',
                unknown ? 'text-muted' : decision === 'reject' && 'font-medium text-error'
              )}
            >
              {decision === 'reject' ? (
                <ThumbsDown aria-hidden className="mt-0.5 size-3.5 shrink-0" />
              ) : (
                <ThumbsUp aria-hidden className="mt-0.5 size-3.5 shrink-0" />
              )}
              <button
                type="button"
                title="Show the decisions"
                onClick={onShowDecisions}
                className="min-w-0 rounded-sm text-left [overflow-wrap:anywhere] hover:underline"
              >
                {text}
              </button>
            </p>
          ))}
        {report.verdict !== 'altered' && report.decisions.remarks.length > 0 && (
          <ul aria-label="Notes on the decisions" className="mt-1 text-caption">
            {report.decisions.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        )}
        <p className="mt-1 text-caption text-muted">Not checked: {report.notChecked.join('; ')}.</p>
        {problems.length > 0 && (
          <ul aria-label="Files that differ from what was signed" className="mt-1 flex max-h-28 flex-col overflow-auto">
            {problems.slice(0, 200).map((file) => (
              <li key={file.name} className="flex items-baseline gap-2">
                <span className="w-16 shrink-0 font-medium text-error">{problemWords[file.problem]}</span>
                {reviewed.files.some((each) => each.path === file.name) ? (
                  <button
                    type="button"
                    title="Show this file"
                    onClick={() => onShowFile(file.name)}
                    className="min-w-0 rounded-sm text-left font-mono text-caption font-semibold [overflow-wrap:anywhere] underline decoration-dotted underline-offset-2"
                  >
                    {file.name}
                  </button>
                ) : (
                  <strong className="min-w-0 font-mono text-caption [overflow-wrap:anywhere]">{file.name}</strong>
                )}
              </li>
            ))}
            {problems.length > 200 && <li>and {problems.length - 200} more; the Checks tab lists them all.</li>}
          </ul>
        )}
      </div>
      {untrusted && <Menu align="end" trigger={<Button>Give the signer&apos;s key</Button>} entries={trustEntries} />}
      {report.verdict === 'altered' && <Button onClick={onShowChecks}>Show the checks</Button>}
    </section>
  )
}
