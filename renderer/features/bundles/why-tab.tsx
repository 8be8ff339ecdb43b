import { Lightbulb } from 'lucide-react'
import { useMemo } from 'react'
import { dependenceSchema } from '../../../main/model/dependence'
import { explanationSchema } from '../../../main/model/explanation'
import { ExplanationView } from '../../evidence'
import { useHostQuery } from '../../host'
import { Button, EmptyState, ErrorState, Skeleton } from '../../ui'
import { AboutModel } from './about-model'
import { fileStates } from './file-tree'
import type { Reviewed } from './use-review'

const explained = 'evidence/contributions.json'
const measured = 'evidence/dependence.json'

/** Why the model of a bundle answers as it does, as its author found it and signed it. */
export function WhyTab({ reviewed, onShowFile }: { reviewed: Reviewed; onShowFile: (name: string) => void }) {
  const file = reviewed.files.find(({ path }) => path === explained)
  const curves = reviewed.files.find(({ path, state }) => path === measured && state === 'verified')
  const isSigned = file?.state === 'verified'
  const content = useHostQuery('bundles.file', { path: reviewed.path, file: explained, sha256: file?.sha256 }, { enabled: isSigned })
  const drawn = useHostQuery(
    'bundles.file',
    { path: reviewed.path, file: measured, sha256: curves?.sha256 },
    { enabled: curves !== undefined }
  )
  const explanation = useMemo(() => explanationSchema.safeParse(parsed(content.data?.text)).data, [content.data])
  const dependence = useMemo(() => dependenceSchema.safeParse(parsed(drawn.data?.text)).data ?? null, [drawn.data])
  if (!file)
    return (
      <EmptyState
        icon={Lightbulb}
        title="The bundle has no explanation"
        text="Its author did not explain the run before the export. Ask for it where the decision needs a reason: one click on the Why tab of the model makes it, and the next bundle carries it."
      />
    )
  const show = <Button onClick={() => onShowFile(explained)}>Show the file</Button>
  if (!isSigned)
    return <EmptyState icon={Lightbulb} title="This explanation is not drawn" text={fileStates[file.state].meaning} action={show} />
  if (content.error) return <ErrorState error={content.error} onRetry={() => void content.refetch()} />
  if (!content.data) return <Skeleton lines={8} />
  if (!explanation)
    return (
      <EmptyState
        icon={Lightbulb}
        title="This explanation cannot be drawn"
        text="It is longer than this page reads, or of a form that this version does not know. Its file can be read."
        action={show}
      />
    )
  return (
    <>
      <AboutModel what="This explanation is" named={explanation.model.sha256} files={reviewed.files} />
      {dependence && <AboutModel what="The curves of dependence are" named={dependence.model.sha256} files={reviewed.files} />}
      <ExplanationView explanation={explanation} dependence={dependence} />
    </>
  )
}

/** Undefined for what was cut off, or is no JSON. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
