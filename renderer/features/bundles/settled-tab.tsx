import { SlidersHorizontal } from 'lucide-react'
import { useMemo } from 'react'
import { z } from 'zod'
import { measuredIntervalsSchema } from '../../../main/model/conformal'
import {
  isSettled,
  settledFileOf,
  settledModel,
  settledParts,
  settledRecords,
  type Settled,
  type SettledPart
} from '../../../main/model/settled'
import { SettledView } from '../../evidence'
import { useHostQuery } from '../../host'
import { EmptyState, ErrorState, Skeleton } from '../../ui'
import { AboutModel, Contradiction } from './about-model'
import type { BundleFile } from './file-tree'
import type { Reviewed } from './use-review'

const evaluationFile = 'evidence/evaluation.json'
const judged = z.object({ intervals: measuredIntervalsSchema.optional() })

/** The files whose record is drawn: only those the signature vouches for. */
const verified = (files: readonly BundleFile[], path: string): BundleFile | undefined =>
  files.find((file) => file.path === path && file.state === 'verified')

/** Whether a bundle says what was settled of its model after the training. */
export const hasSettledFiles = (files: readonly BundleFile[]): boolean =>
  settledParts.some((part) => verified(files, settledFileOf(part)) !== undefined)

/** Calibration, decision and intervals of the model of a bundle, as its author signed them. */
export function SettledTab({ reviewed }: { reviewed: Reviewed }) {
  const calibration = useRecord(reviewed, 'calibration')
  const decision = useRecord(reviewed, 'decision')
  const intervals = useRecord(reviewed, 'intervals')
  const evaluation = useSigned(reviewed, evaluationFile)
  const measured = useMemo(() => judged.safeParse(evaluation.value).data?.intervals ?? null, [evaluation.value])
  const parts = [calibration, decision, intervals, evaluation]
  const failed = parts.find(({ error }) => error)
  if (failed) return <ErrorState error={failed.error} onRetry={failed.retry} />
  if (parts.some(({ isPending }) => isPending)) return <Skeleton lines={8} />
  const settled = { calibration: calibration.record, decision: decision.record, intervals: intervals.record, measured } as Settled
  const unread = [calibration, decision, intervals].filter(({ isThere, record }) => isThere && record === null)
  return (
    <>
      <Contradiction checks={reviewed.report.checks} />
      {isSettled(settled) && <AboutModel what="What was settled is" named={settledModel(settled)} files={reviewed.files} />}
      {unread.length > 0 && (
        <EmptyState
          icon={SlidersHorizontal}
          title="Some of it cannot be drawn"
          text={`Longer than this page reads, or of a form that this version does not know: ${unread.map(({ file }) => file).join(', ')}. The files can be read under Evidence.`}
        />
      )}
      <SettledView settled={settled} unmeasured={`see ${evaluationFile} under Evidence`} />
    </>
  )
}

/** A file of the bundle, parsed; undefined while it is read, and for what is cut off or is no JSON. */
function useSigned({ files, path }: Reviewed, name: string) {
  const file = verified(files, name)
  const query = useHostQuery('bundles.file', { path, file: name, sha256: file?.sha256 }, { enabled: file !== undefined })
  const value = useMemo(() => parsed(query.data), [query.data])
  const isThere = file !== undefined
  return {
    file: name,
    isThere,
    value,
    error: query.error,
    isPending: isThere && !query.data && !query.error,
    retry: () => void query.refetch()
  }
}

function useRecord(reviewed: Reviewed, part: SettledPart) {
  const file = useSigned(reviewed, settledFileOf(part))
  const record = useMemo(() => settledRecords[part].safeParse(file.value).data ?? null, [part, file.value])
  return { ...file, record }
}

function parsed(content: { text: string; truncated: boolean } | undefined): unknown {
  if (!content || content.truncated) return undefined
  try {
    return JSON.parse(content.text)
  } catch {
    return undefined
  }
}
