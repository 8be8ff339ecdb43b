import { useState } from 'react'
import { useHostCommand, useHostQuery, useOs } from '../../host'
import { Button, Dialog, ErrorState, Section, Skeleton } from '../../ui'

/** A ZIP file for support, which is looked at before it is written. */
export function DiagnosticsPart() {
  const [shown, setShown] = useState(false)
  return (
    <Section title="Diagnosis for support">
      <p className="mb-2 max-w-160 text-muted">
        Version, machine, settings by kind, sizes and soundness of your recent workspaces, and the program&rsquo;s own words of the log. No
        data, no names, no keys.
      </p>
      <Button onClick={() => setShown(true)}>Look at it</Button>
      {shown && <DiagnosisDialog onClose={() => setShown(false)} />}
    </Section>
  )
}

function DiagnosisDialog({ onClose }: { onClose: () => void }) {
  const os = useOs()
  const diagnosis = useHostQuery('system.diagnosis', {})
  const save = useHostCommand('system.saveDiagnosis', { success: 'The diagnosis was written.', onSuccess: onClose })
  const write = async (digest: string) => {
    const path = await os.saveFile({
      title: 'Save the diagnosis',
      defaultName: 'drydock-diagnosis.zip',
      extension: 'zip',
      filters: [{ name: 'ZIP file', extensions: ['zip'] }]
    })
    if (path) void save.run({ digest, path })
  }
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => open || onClose()}
      title="Diagnosis for support"
      description="This is all that would be written. Read it before you hand it on."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={!diagnosis.data}
            loading={save.busy}
            onClick={() => diagnosis.data && void write(diagnosis.data.digest)}
          >
            Save as ZIP
          </Button>
        </>
      }
    >
      {diagnosis.isError ? (
        <ErrorState error={diagnosis.error} onRetry={() => void diagnosis.refetch()} />
      ) : !diagnosis.data ? (
        <Skeleton lines={8} />
      ) : (
        <div className="flex flex-col gap-3">
          {diagnosis.data.files.map(({ name, text }) => (
            <section key={name}>
              <h3 className="mb-1 font-mono text-caption font-semibold">{name}</h3>
              <pre
                tabIndex={0}
                role="region"
                aria-label={name}
                className="max-h-60 overflow-auto rounded-sm bg-surface-2 p-2 font-mono text-caption whitespace-pre-wrap"
              >
                {text}
              </pre>
            </section>
          ))}
        </div>
      )}
    </Dialog>
  )
}
