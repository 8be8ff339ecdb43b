import { useMemo, useState } from 'react'
import type { HostOutput } from '../../host'
import { useHostQuery } from '../../host'
import {
  Badge,
  Button,
  Dialog,
  diffLines,
  ErrorState,
  Field,
  formatCount,
  formatUtc,
  HashChip,
  Select,
  shortHash,
  Skeleton,
  TextDiff,
  TimeText
} from '../../ui'

type Version = HostOutput<'policies.versions'>[number]

/** Every saved version of a policy, what changed in it, and the way back to it. Saved versions are never lost. */
export function PolicyVersions({ policy, onTakeText }: { policy: string; onTakeText: (text: string) => void }) {
  const versions = useHostQuery('policies.versions', { name: policy })
  const [shown, setShown] = useState<string | null>(null)
  if (versions.error) return <ErrorState compact error={versions.error} onRetry={() => void versions.refetch()} />
  if (!versions.data) return <Skeleton lines={4} className="p-0" />
  const list = versions.data
  return (
    <>
      <ul aria-label="Versions of the policy" className="flex flex-col gap-2">
        {list.map((version) => (
          <li key={version.sha256} className="flex flex-col gap-1 rounded-md border bg-surface-1 p-2">
            <span className="flex flex-wrap items-center gap-2">
              <HashChip hash={version.sha256} label="Policy version" />
              {version.current && <Badge status="ok">In force</Badge>}
              {list.length > 1 && (
                <Button size="sm" variant="ghost" className="ml-auto" onClick={() => setShown(version.sha256)}>
                  What changed
                </Button>
              )}
            </span>
            <span className="text-caption text-muted">
              <TimeText value={version.savedAt} /> by {version.savedBy}, {formatCount(version.gates, 'gate')}
            </span>
          </li>
        ))}
      </ul>
      {list.length === 1 && <p className="mt-2 text-caption text-muted">Each save adds a version; what changed can then be read here.</p>}
      {shown && <Changes policy={policy} versions={list} sha256={shown} onClose={() => setShown(null)} onTakeText={onTakeText} />}
    </>
  )
}

interface ChangesProps {
  policy: string
  versions: readonly Version[]
  sha256: string
  onClose: () => void
  onTakeText: (text: string) => void
}

function Changes({ policy, versions, sha256, onClose, onTakeText }: ChangesProps) {
  const place = versions.findIndex((version) => version.sha256 === sha256)
  const [other, setOther] = useState((versions[place + 1] ?? versions[place - 1]).sha256)
  const own = useHostQuery('policies.text', { name: policy, sha256 })
  const against = useHostQuery('policies.text', { name: policy, sha256: other })
  const lines = useMemo(() => (own.data && against.data ? diffLines(against.data.text, own.data.text) : null), [own.data, against.data])
  const error = own.error ?? against.error
  const text = own.data?.text
  return (
    <Dialog
      open
      size="xl"
      onOpenChange={(open) => !open && onClose()}
      title={`Version ${shortHash(sha256)} of ${policy}`}
      description="Lines with a minus were only in the other version, lines with a plus are only in this one."
      footer={
        <>
          <Button
            disabled={text === undefined}
            onClick={() => {
              if (text === undefined) return
              onTakeText(text)
              onClose()
            }}
          >
            Take this text into the editor
          </Button>
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label="Compared with">
          <Select
            value={other}
            onChange={setOther}
            choices={versions
              .filter((version) => version.sha256 !== sha256)
              .map((version) => ({
                value: version.sha256,
                label: `${shortHash(version.sha256)}, saved ${formatUtc(version.savedAt)}`,
                hint: version.current ? 'In force' : undefined
              }))}
          />
        </Field>
        {error ? (
          <ErrorState compact error={error} onRetry={() => void Promise.all([own.refetch(), against.refetch()])} />
        ) : lines ? (
          <div role="region" aria-label="Changed lines" tabIndex={0} className="max-h-100 overflow-auto rounded-md border">
            <TextDiff lines={lines} />
          </div>
        ) : (
          <Skeleton lines={8} />
        )}
      </div>
    </Dialog>
  )
}
