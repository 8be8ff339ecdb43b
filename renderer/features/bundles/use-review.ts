import { useCallback, useEffect, useState } from 'react'
import type { HostOutput } from '../../host'
import { useHostStream, useInvalidate } from '../../host'
import { navigate, useLocation } from '../../ui'

export type Reviewed = HostOutput<'bundles.inspect'>

export interface Trust {
  /** Place of the signer's public key file. */
  key?: string
  /** Place of a root certificate. */
  root?: string
  /** Place of a trust document. */
  people?: string
  /** SHA-256 of the signer's public key, 64 hexadecimal digits. */
  fingerprint?: string
}

export const reviewTabs = ['evidence', 'guide', 'checks', 'decisions', 'countersign'] as const
export type ReviewTab = (typeof reviewTabs)[number]

/** The bundle of the reviewer page: what is trusted and shown stands in the address, the report is made anew for each trust. */
export function useReview(path: string) {
  const { query } = useLocation()
  const { key, root, people, fingerprint } = query
  const { start, ...work } = useHostStream('bundles.inspect', { inline: true })
  const [last, setLast] = useState<Reviewed | null>(null)
  const [round, setRound] = useState(0)
  const invalidate = useInvalidate()
  useEffect(() => {
    void start({ path, publicKeyPath: key, rootCertificatePath: root, trustPath: people, fingerprint }).then((reviewed) => {
      if (!reviewed) return
      // From here on it is named as the page opened it, not by where it lies.
      setLast({ ...reviewed, path })
      // What was read of the bundle before may be other bytes than those just verified.
      void invalidate(['bundles'])
    })
  }, [start, path, key, root, people, fingerprint, round, invalidate])
  const go = useCallback(
    (next: Trust, tab: string | undefined) =>
      navigate(
        'bundles',
        ['review'],
        { path, key: next.key, root: next.root, people: next.people, fingerprint: next.fingerprint, tab },
        { replace: true }
      ),
    [path]
  )
  const trust: Trust = { key, root, people, fingerprint }
  const failed = last?.report.verdict === 'altered'
  const tab = reviewTabs.find((each) => each === query['tab']) ?? (failed ? 'checks' : 'evidence')
  return {
    reviewed: last,
    running: work.running,
    fraction: work.latest?.fraction ?? null,
    error: work.error,
    cancel: work.cancel,
    verifyAgain: () => setRound((count) => count + 1),
    trust,
    setTrust: (next: Trust) => go(next, query['tab']),
    tab,
    showTab: (next: ReviewTab) => go(trust, next)
  }
}
export type Review = ReturnType<typeof useReview>
