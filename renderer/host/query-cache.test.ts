import { describe, expect, it } from 'vitest'
import { WireError } from '../../preload/wire'
import { createQueryCache, invalidateTopics } from './query-cache'

const keys = [
  ['workspace', 'recent', {}],
  ['people', 'list', {}],
  ['models', 'list', {}],
  ['model', 'list', {}]
]

describe('what is stale', () => {
  it('is what belongs to a topic, and nothing else', async () => {
    const cache = createQueryCache()
    const stale = async (...topics: string[]) => {
      for (const key of keys) cache.setQueryData(key, 1)
      await invalidateTopics(cache, topics)
      return keys.filter((key) => cache.getQueryState(key)?.isInvalidated).map(([feature]) => feature)
    }
    expect(await stale('people')).toEqual(['people'])
    expect(await stale('models', 'workspace')).toEqual(['workspace', 'models'])
    expect(await stale('nothing')).toEqual([])
    expect(await stale()).toEqual([])
    expect(await stale('people', '*')).toEqual(keys.map(([feature]) => feature))
    cache.clear()
  })
})

describe('a query that fails', () => {
  const ask = async (errors: (Error | null)[]) => {
    const cache = createQueryCache()
    let calls = 0
    const queryFn = async () => {
      const error = errors[Math.min(calls++, errors.length - 1)]
      if (error) throw error
      return 'answer'
    }
    const outcome = await cache.fetchQuery({ queryKey: ['people'], queryFn, retryDelay: 0 }).catch((error: unknown) => error)
    cache.clear()
    return [calls, outcome]
  }
  const gone = new WireError({ code: 'INTERNAL', message: 'gone', details: { reason: 'disconnected' } })

  it('is asked again only because the host went away, ten times at most', async () => {
    expect(await ask([gone, gone, null])).toEqual([3, 'answer'])
    expect(await ask([gone])).toEqual([11, gone])
  })

  it('is not asked again for any other reason', async () => {
    for (const error of [
      new WireError({ code: 'NOT_FOUND', message: 'There is none.' }),
      new WireError({ code: 'INTERNAL', message: 'A defect.', details: { reason: 'something else' } }),
      new TypeError('a defect of the window')
    ])
      expect(await ask([error])).toEqual([1, error])
  })
})
