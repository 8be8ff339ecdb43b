import { useState } from 'react'
import { readRemembered, remember } from '../../ui'
import { guideTopics } from './guide'

/** What the reviewer wrote to each topic of the guide, by its title. */
export type GuideAnswers = Readonly<Record<string, string>>

const keyOf = (bundleDigest: string): string => `review-answers.${bundleDigest}`

/** The answers about one bundle on this machine; an altered store is an empty one. */
export function readAnswers(bundleDigest: string): GuideAnswers {
  try {
    const stored = JSON.parse(readRemembered(keyOf(bundleDigest)) ?? '{}') as unknown
    if (typeof stored !== 'object' || stored === null) return {}
    return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return {}
  }
}

/** The answers about the bundle with this model.sig, kept on this machine until they are signed as part of a statement or for good. */
export function useGuideAnswers(bundleDigest: string | null): { answers: GuideAnswers; answer: (topic: string, text: string) => void } {
  const [answers, setAnswers] = useState<GuideAnswers>(() => (bundleDigest === null ? {} : readAnswers(bundleDigest)))
  return {
    answers,
    answer(topic, text) {
      const others = Object.fromEntries(Object.entries(answers).filter(([each]) => each !== topic))
      const next = text.trim() === '' ? others : { ...others, [topic]: text.trim() }
      setAnswers(next)
      if (bundleDigest !== null) remember(keyOf(bundleDigest), JSON.stringify(next))
    }
  }
}

/** The answers as lines for the statement that is signed, in the order of the guide. */
export const answersAsText = (answers: GuideAnswers): string =>
  guideTopics.flatMap(({ title }) => (answers[title] === undefined ? [] : [`${title}: ${answers[title]}`])).join('\n')
