import { Check, Copy, FolderOpen, KeyRound, PackageCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { knownPlace } from '../../../main/model/place'
import { TrustBadge } from '../../evidence'
import type { HostOutput } from '../../host'
import { useHostCommand, useHostStream, useOs } from '../../host'
import { Button, ErrorState, fileNameOf, HashChip, KeyValueList, navigate, Progress, SizeText, StatusIcon, useCopied } from '../../ui'
import { verifyCommand } from './verify-command'

/** What was written, verified again from the file itself, and what the receiver needs. */
export function ExportResult({ exported }: { exported: HostOutput<'bundles.export'> }) {
  const os = useOs()
  const { start, ...check } = useHostStream('bundles.inspect', { inline: true })
  useEffect(() => {
    void start({ path: knownPlace('bundle', exported.id), fingerprint: exported.fingerprint })
  }, [start, exported])
  const [keyPath, setKeyPath] = useState<string | null>(null)
  const saveKey = useHostCommand('people.savePublicKey', { onSuccess: ({ path }) => setKeyPath(path) })
  const [copied, copy] = useCopied()
  const command = verifyCommand(exported.path, keyPath ?? 'signer.pub.pem')
  const chooseKeyPlace = async () => {
    const path = await os.saveFile({
      title: 'Save the public key',
      defaultName: 'signer.pub.pem',
      extension: 'pem',
      filters: [{ name: 'Public key', extensions: ['pem'] }]
    })
    if (path) void saveKey.run({ fingerprint: exported.fingerprint, path })
  }
  const report = check.output?.report
  return (
    <div className="flex flex-col gap-3 pb-2">
      {check.running && <Progress value={check.latest?.fraction ?? null} label="Verifying the written file" onCancel={check.cancel} />}
      {check.error ? <ErrorState compact title="The written file cannot be verified" error={check.error} /> : null}
      {report && (
        <div role="status" className="flex items-start gap-2 rounded-md border p-3">
          <StatusIcon status={report.verdict === 'holds' ? 'ok' : 'error'} className="mt-0.5 size-4" />
          <div className="min-w-0 flex-1" data-selectable>
            <p className="font-medium">{report.verdict === 'holds' ? 'Holds' : 'Does not hold'}</p>
            <p>{report.summary}</p>
          </div>
          <TrustBadge state={report.verdict === 'holds' ? 'signed' : 'changed'} reason={report.summary} />
        </div>
      )}
      <KeyValueList
        items={[
          { label: 'File', value: exported.path, mono: true },
          { label: 'Size', value: <SizeText bytes={exported.size} /> },
          { label: 'Signed by', value: exported.signer },
          { label: 'Key fingerprint', value: exported.fingerprint, mono: true },
          { label: 'Root digest', value: <HashChip hash={exported.rootSha256} label="Root digest" /> }
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          icon={PackageCheck}
          onClick={() => navigate('bundles', ['review'], { path: knownPlace('bundle', exported.id), fingerprint: exported.fingerprint })}
        >
          Open as reviewer
        </Button>
        <Button icon={FolderOpen} onClick={() => void os.showInFolder(knownPlace('bundle', exported.id))}>
          Show in folder
        </Button>
        <Button icon={KeyRound} loading={saveKey.busy} onClick={() => void chooseKeyPlace()}>
          Save the public key
        </Button>
      </div>
      {keyPath && (
        <p className="text-muted">
          {fileNameOf(keyPath)} is saved. Hand it over by another way than the bundle, or read the fingerprint out; otherwise anybody could
          have signed.
        </p>
      )}
      <div>
        <p className="mb-1 text-caption text-muted">To verify it without the window, with the public key beside it:</p>
        <div className="flex items-start gap-2">
          <code className="min-w-0 flex-1 rounded-md border bg-surface-0 p-2 font-mono text-caption [overflow-wrap:anywhere] select-text">
            {command}
          </code>
          <Button icon={copied ? Check : Copy} onClick={() => copy(command)}>
            {copied ? 'Copied' : 'Copy command'}
          </Button>
        </div>
      </div>
    </div>
  )
}
