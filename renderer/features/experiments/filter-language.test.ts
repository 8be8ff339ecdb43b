import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completeFilter, findFilterMistake, type FilterVocabulary } from './filter-language'

const vocabulary: FilterVocabulary = {
  metricKeys: ['auc', 'val loss'],
  parameterKeys: ['trees', 'learningRate'],
  tagKeys: ['team'],
  experiments: ["it's strikes"],
  algorithms: ['gradient-boosting']
}
const at = (text: string) => completeFilter(text, text.length, vocabulary)
const texts = (text: string) => at(text).choices.map((choice) => choice.text)

describe('completion of run filters', () => {
  it('offers columns at the start, after and, or, not and an opening bracket', () => {
    for (const text of ['', "name = 'x' and ", "name = 'x' or ", 'not ', '('])
      expect(texts(text)).toEqual(expect.arrayContaining(['metrics.auc', 'params.trees', 'tags.team', 'status']))
  })
  it('quotes keys with other characters, and finds them typed with and without quotes', () => {
    for (const typed of ['metrics.', 'metrics.val', 'metrics."val lo', 'val', 'loss']) expect(texts(typed)).toContain('metrics."val loss"')
  })
  it('narrows by what is typed, also after the dot', () => {
    expect(texts('metrics.a')).toEqual(['metrics.auc'])
    expect(texts('learning')).toEqual(['params.learningRate'])
  })
  it('replaces the fragment at the cursor only', () => {
    expect(at("status = 'failed' and metrics.a")).toMatchObject({ from: 22, to: 31 })
  })
  it('offers comparisons after a column and joins after a value', () => {
    expect(texts('metrics.auc ')).toContain('>=')
    expect(texts('metrics.auc > 0.8 ')).toEqual(['and', 'or'])
    expect(texts("status in ('failed') ")).toEqual(['and', 'or'])
    expect(texts('gate is null ')).toEqual(['and', 'or'])
  })
  it('knows the values of closed columns and escapes quotes', () => {
    expect(texts('status = ')).toContain("'failed'")
    expect(texts('status in (')).toContain("'failed'")
    expect(texts("status in ('failed', ")).toContain("'finished'")
    expect(texts('experiment = ')).toEqual(["'it''s strikes'"])
  })
  it('never fails and stays inside of the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, place) => {
        const cursor = Math.min(place, text.length)
        const { from, to } = completeFilter(text, cursor, vocabulary)
        return from >= 0 && from <= to && to === cursor
      })
    )
  })
  it('every completed comparison can be parsed', () => {
    for (const name of texts('').filter((text) => text !== 'not')) expect(findFilterMistake(`${name} is not null`)).toBeNull()
  })
})

describe('mistakes', () => {
  it('says where', () => {
    expect(findFilterMistake('metrics.auc > 0.8 xor name = 1')).toMatchObject({ at: 18, unfinished: false })
    expect(findFilterMistake('metrics.auc >')).toMatchObject({ unfinished: true })
    expect(findFilterMistake('  ')).toBeNull()
  })
})
