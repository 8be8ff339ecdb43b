import { describe, expect, it } from 'vitest'
import { scoreEntry } from './palette-score'

/** Titles in the order in which they are listed for what was typed. */
const ranked = (search: string, entries: readonly (readonly [title: string, ...keywords: string[]])[]): string[] =>
  entries
    .map(([title, ...keywords]) => ({ title, score: scoreEntry(title, search, keywords) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ title }) => title)

const entries = [
  ['Go to Pipelines', 'Go to'],
  ['New pipeline', 'Pipelines', 'create', 'graph', 'starter'],
  ['Write a new policy', 'Policies', 'gate'],
  ['Show the runs', 'Experiments', 'trials'],
  ['Renew the key', 'People']
] as const

describe('the palette', () => {
  it('finds an entry by the beginnings of its words, in any order', () => {
    expect(ranked('new pipe', entries)[0]).toBe('New pipeline')
    expect(ranked('pipe new', entries)[0]).toBe('New pipeline')
    expect(ranked('runs', entries)).toEqual(['Show the runs'])
  })
  it('ranks titles before other words, and beginnings of words before their insides', () => {
    expect(ranked('new', entries)).toEqual(['New pipeline', 'Write a new policy', 'Renew the key'])
    expect(ranked('create', entries)).toEqual(['New pipeline'])
    expect(ranked('pipelines', entries)).toEqual(['Go to Pipelines', 'New pipeline'])
  })
  it('lists everything until something is typed, and nothing for a word that is nowhere', () => {
    expect(ranked(' ', entries)).toHaveLength(entries.length)
    expect(ranked('new zebra', entries)).toEqual([])
  })
})
