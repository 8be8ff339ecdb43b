import { glassBoxSchema } from '../../../main/model/glass-box'
import { GlassBoxView } from '../../evidence'
import { useHostQuery } from '../../host'
import { ErrorState, Skeleton } from '../../ui'
import { AboutModel } from './about-model'
import type { BundleFile } from './file-tree'

/** The document of a model that is read whole; only where the signature vouches for it: a forged table must not look like the table. */
export const glassBoxFile = (files: readonly BundleFile[]): BundleFile | undefined =>
  files.find(({ path, state }) => path === 'evidence/glass-box.json' && state === 'verified')

/** The shapes or the table of points of the model in a bundle, drawn from its evidence. */
export function ModelTab({ bundle, file, files }: { bundle: string; file: BundleFile; files: readonly BundleFile[] }) {
  const content = useHostQuery('bundles.file', { path: bundle, file: file.path, sha256: file.sha256 })
  if (content.error) return <ErrorState title="The model cannot be drawn" error={content.error} onRetry={() => void content.refetch()} />
  if (!content.data) return <Skeleton lines={8} />
  const box = content.data.truncated ? null : readBox(content.data.text)
  return box ? (
    <>
      <AboutModel what="This drawing is" named={box.model} files={files} />
      <div className="p-4">
        <GlassBoxView box={box} />
      </div>
    </>
  ) : (
    <ErrorState
      title="The model cannot be drawn"
      error={`${file.path} is ${content.data.truncated ? 'too large to be drawn here' : 'of a form that this version does not know'}. Read the file under Evidence, or the model card.`}
    />
  )
}

function readBox(text: string) {
  try {
    return glassBoxSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
