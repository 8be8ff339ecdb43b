import { useCallback, useEffect, useRef, useState } from 'react'
import { placeText } from '../../../main/model/place'
import type { HostInput, HostOutput } from '../../host'
import { useHostStream, useInvalidate } from '../../host'
import { navigate, useLocation } from '../../ui'
import { queryOf, questionOf, readAsked, trustOf, type Asked } from './asked'

export type Reviewed = HostOutput<'bundles.inspect'>

export const reviewTabs = ['evidence', 'model', 'settled', 'why', 'guide', 'checks', 'decisions', 'countersign'] as const
export type ReviewTab = (typeof reviewTabs)[number]

/** The bundle of the reviewer page: what is asked of it and what is shown stands in the address; each question is judged anew. */
export function useReview(path: string) {
  const { query } = useLocation()
  const asked = readAsked(query)
  const { start, ...work } = useHostStream('bundles.inspect', { inline: true })
  const [last, setLast] = useState<Reviewed | null>(null)
  const [round, setRound] = useState(0)
  const [lastTime, setLastTime] = useState<Reviewed['askedBefore'] | null>(null)
  // What the address of the page brought along was not asked here, and leaves the memory as it is.
  const hasAsked = useRef(false)
  const invalidate = useInvalidate()
  const input = JSON.stringify({ path, ...trustOf(asked), question: questionOf(asked) })
  useEffect(() => {
    const remember = hasAsked.current
    void start({ ...(JSON.parse(input) as HostInput<'bundles.inspect'>), ...(remember && { remember }) }).then((reviewed) => {
      if (!reviewed) return
      if (!remember) setLastTime(reviewed.askedBefore ?? null)
      // From here on it is named as the page opened it, not by where it lies.
      setLast({ ...reviewed, path })
      // What was read of the bundle before may be other bytes than those just verified.
      void invalidate(['bundles'])
    })
  }, [start, input, path, round, invalidate])
  const go = useCallback(
    (next: Asked, tab: string | undefined) => navigate('bundles', ['review'], { path, ...queryOf(next), tab }, { replace: true }),
    [path]
  )
  const failed = last?.report.verdict === 'altered'
  const tab = reviewTabs.find((each) => each === query['tab']) ?? (failed ? 'checks' : 'evidence')
  return {
    reviewed: last,
    /** Where the bundle lies, for people to read. */
    place: last?.report.path ?? placeText(path),
    running: work.running,
    fraction: work.latest?.fraction ?? null,
    error: work.error,
    cancel: work.cancel,
    verifyAgain: () => setRound((count) => count + 1),
    asked,
    /** What was asked when this bundle was open before. */
    lastTime,
    forgetLastTime: () => setLastTime(null),
    ask: (part: Partial<Asked>) => {
      hasAsked.current = true
      go({ ...asked, ...part }, query['tab'])
    },
    tab,
    showTab: (next: ReviewTab) => go(asked, next)
  }
}
export type Review = ReturnType<typeof useReview>
