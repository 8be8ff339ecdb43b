import type { CheckStatus, FileProblem, VerificationCheck } from '../../../main/model/bundle'
import { Badge, formatCount, HashChip, KeyValueList, Panel, shortHash, SizeText, TimeText, type Status } from '../../ui'
import { SignerFacts } from './signer-facts'
import type { Reviewed } from './use-review'
import { problemWords } from './verdict'

const words: Record<CheckStatus, { status: Status; word: string }> = {
  pass: { status: 'ok', word: 'Holds' },
  fail: { status: 'error', word: 'Fails' },
  warn: { status: 'warn', word: 'Open' },
  skipped: { status: 'neutral', word: 'Skipped' },
  unsupported: { status: 'warn', word: 'Unsupported' }
}

/** The checks in the order in which they were made, and who signed. */
export function ChecksTab({ reviewed }: { reviewed: Reviewed }) {
  const { report } = reviewed
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,380px),1fr))] items-start gap-4 p-4">
      <Panel title="Checks" hint="in the order in which they were made" flush>
        <ol aria-label="Checks">
          {report.checks.map((check, index) => (
            <Check key={check.id} check={check} number={index + 1} />
          ))}
        </ol>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Signer">
          {report.signer ? (
            <SignerFacts signer={report.signer} />
          ) : (
            <p className="text-muted">The signature does not hold, so nothing is known about who signed.</p>
          )}
        </Panel>
        <Panel title="Bundle">
          <KeyValueList
            items={[
              { label: 'Name given', value: report.subjectName ?? 'none' },
              { label: 'Form', value: report.form === 'file' ? 'one .drydock file' : 'a folder' },
              report.root !== null && { label: 'Root digest', value: <HashChip hash={report.root} label="Root digest" /> },
              report.bundleDigest !== null && {
                label: 'Signature',
                value: <HashChip hash={report.bundleDigest} label="Signature digest" />
              },
              {
                label: 'Signed files',
                value: (
                  <>
                    {formatCount(report.totals.signedFiles, 'file')}, <SizeText bytes={report.totals.signedBytes} />
                  </>
                )
              },
              { label: 'Attestations', value: formatCount(report.totals.attestationFiles, 'file') },
              { label: 'Verified', value: <TimeText value={report.checkedAt} /> },
              { label: 'Path', value: report.path, mono: true }
            ]}
          />
        </Panel>
      </div>
    </div>
  )
}

function Check({ check, number }: { check: VerificationCheck; number: number }) {
  const { status, word } = words[check.status]
  return (
    <li className="flex items-start gap-3 border-b px-3 py-2 last:border-b-0">
      <span className="w-4 shrink-0 text-right text-caption leading-5 text-muted">{number}</span>
      <div className="min-w-0 flex-1" data-selectable>
        <h3 className="font-medium">{check.title}</h3>
        <p className="text-caption [overflow-wrap:anywhere] text-muted">{check.detail}</p>
        {check.files.length > 0 && (
          <ul className="mt-1 flex max-h-60 flex-col gap-1 overflow-auto">
            {check.files.map((file) => (
              <Problem key={file.name} file={file} />
            ))}
          </ul>
        )}
      </div>
      <Badge status={status}>{word}</Badge>
    </li>
  )
}

function Problem({ file }: { file: FileProblem }) {
  return (
    <li className="rounded-sm bg-error-soft px-2 py-1 text-caption">
      <span className="font-medium text-error">{problemWords[file.problem]}</span>{' '}
      <strong className="font-mono [overflow-wrap:anywhere]">{file.name}</strong>
      {file.expected !== null && file.actual !== null && (
        <span className="block text-muted">
          signed as <span className="font-mono">{shortHash(file.expected)}</span>, found{' '}
          <span className="font-mono">{shortHash(file.actual)}</span>
        </span>
      )}
    </li>
  )
}
