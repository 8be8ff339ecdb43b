import { describe, expect, it } from 'vitest'
import type { Sha256 } from '../../model/reference'
import { findUnbound } from './bound-evidence'

const digest = (letter: string): Sha256 => letter.repeat(64) as Sha256
const [model, rows, table, signature] = ['a', 'b', 'c', 'd'].map(digest) as [Sha256, Sha256, Sha256, Sha256]

/** What is found of a cross-validation and a training that ask for these class weights. */
function found(folds: unknown, fit: unknown): string[] {
  const shared = { algorithm: 'logistic-regression' }
  const sources = {
    evaluation: { subject: { model, manifest: null, rows, trainingRows: table } },
    training: {
      ...shared,
      target: { name: 'kind' },
      files: { model: { sha256: model }, signature: { sha256: signature } },
      ...(fit !== undefined && { classWeights: { asked: fit, used: [] } })
    },
    crossValidation: { ...shared, target: 'kind', table: { sha256: table }, ...(folds !== undefined && { classWeights: folds }) }
  }
  const digests: Record<string, Sha256> = { 'model/model.onnx': model, 'model/signature.json': signature }
  return findUnbound({
    sources: sources as never,
    explained: {},
    provenance: undefined,
    digestOf: (name) => digests[name]
  })
}

describe('a cross-validation in a bundle', () => {
  it.each([
    [undefined, undefined],
    ['balanced', 'balanced'],
    [
      { oak: 2, elm: 5 },
      { elm: 5, oak: 2 }
    ]
  ])('of class weights %j is about a model that was fitted with %j', (folds, fit) => expect(found(folds, fit)).toEqual([]))

  it.each([
    ['balanced', undefined, /\("balanced"\).*\(not at all\)/],
    [undefined, { elm: 5 }, /\(not at all\).*\(\{"elm":5\}\)/],
    [{ elm: 5 }, { elm: 4 }, /\{"elm":5\}.*\{"elm":4\}/]
  ])('of class weights %j is not about one that was fitted with %j', (folds, fit, words) => {
    expect(found(folds, fit)).toEqual([expect.stringMatching(words)])
  })
})
