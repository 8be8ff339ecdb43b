import { FolderOpen, PackageOpen, ShieldCheck } from 'lucide-react'
import { useHostQuery } from '../../host'
import { Button, fileNameOf, navigate, Page, PageHeader, Panel } from '../../ui'
import { showBundle, useOpenBundle } from './open-bundle'

/** Where a reviewer begins: one file, no workspace, nothing written. */
export function BundleStart({ hasWorkspace }: { hasWorkspace: boolean }) {
  const { openFile, openFolder } = useOpenBundle()
  const recent = useHostQuery('bundles.reviewed', {}).data ?? []
  return (
    <Page
      scroll
      header={
        <PageHeader
          title="Review a bundle"
          actions={hasWorkspace && <Button onClick={() => navigate('bundles')}>Exported bundles</Button>}
          primary={
            <Button variant="primary" icon={PackageOpen} onClick={() => void openFile()}>
              Open a bundle
            </Button>
          }
        />
      }
    >
      <div className="mx-auto flex max-w-200 flex-col gap-4 p-6">
        <section className="flex flex-col items-center gap-2 rounded-md border-2 border-dashed p-8 text-center">
          <ShieldCheck aria-hidden className="size-6 text-muted" strokeWidth={1.5} />
          <h2 className="text-title font-semibold">Drop a .drydock file here</h2>
          <p className="max-w-120 text-muted">
            It is verified file by file against its signature, on this machine alone. Nothing in it is executed and nothing is changed. You
            need the signer&apos;s public key, root certificate or fingerprint to know that the signer is the right one.
          </p>
          <div className="mt-2 flex gap-2">
            <Button icon={PackageOpen} onClick={() => void openFile()}>
              Choose a file
            </Button>
            <Button icon={FolderOpen} onClick={() => void openFolder()}>
              Choose a folder
            </Button>
          </div>
        </section>
        {recent.length > 0 && (
          <Panel title="Reviewed on this machine" flush>
            <ul>
              {recent.map(({ id, path }) => (
                <li key={id} className="border-b last:border-b-0 hover:bg-surface-0">
                  <button
                    type="button"
                    onClick={() => showBundle(`reviewed:${id}`)}
                    className="flex w-full min-w-0 items-baseline gap-3 px-3 py-2 text-left"
                  >
                    <span className="shrink-0 font-medium">{fileNameOf(path)}</span>
                    <span className="truncate font-mono text-caption text-muted">{path}</span>
                  </button>
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </Page>
  )
}
