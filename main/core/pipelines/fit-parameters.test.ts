import { describe, expect, it } from 'vitest'
import { fitParameters } from './fit-parameters'
import { stepRegistry } from './steps'
import { checkPipeline } from './validate-pipeline'

const train = stepRegistry.get('train')!
const document = (training: string): string => `schema: drydock.pipeline
version: 1
name: typed
parameters:
  - name: strength
    type: string
    default: "0.5"
steps:
  - id: data
    type: source
    parameters: { dataset: cases }
  - id: split
    type: split
    inputs: { table: data.table }
    parameters: { test: "0.25", seed: "7" }
  - id: train
    type: train
    inputs: { train: split.train }
    parameters: { target: "1", algorithm: logistic-regression, ${training} }
`
const problems = (training: string) => checkPipeline(document(training), stepRegistry).problems.map(({ code, message }) => [code, message])

describe('parameters typed as text', () => {
  it('become numbers where a number is wanted, nested settings of the trainer too, and stay text where a text is', () => {
    const fitted = fitParameters(
      train,
      {
        target: '1',
        algorithm: 'logistic-regression',
        parameters: { l2: '1', maxIterations: ' 50 ', imputation: 'mean' },
        exclude: ['7'],
        units: { x: '1' },
        seed: '3'
      },
      {}
    )
    expect(fitted.data).toMatchObject({
      target: '1',
      parameters: { l2: 1, maxIterations: 50, imputation: 'mean' },
      exclude: ['7'],
      units: { x: '1' },
      seed: 3
    })
    for (const [text, value] of [
      ['1e-3', 0.001],
      ['+.5', 0.5],
      ['-0', -0],
      ['12.', 12]
    ] as const)
      expect(
        fitParameters(train, { target: 'y', algorithm: 'logistic-regression', parameters: { l2: text } }, {}).data?.parameters
      ).toEqual({
        l2: value
      })
  })

  it('pass the check in the document and from a parameter of the pipeline', () => {
    expect(problems('seed: "3", parameters: { l2: "1" }')).toEqual([])
    expect(problems('parameters: { l2: "${{ parameters.strength }}" }')).toEqual([])
  })

  it.each([
    ['seed: "three"', 'parameter "seed"'],
    ['seed: ""', 'parameter "seed"'],
    ['seed: "0x10"', 'parameter "seed"'],
    ['seed: "3.5"', 'parameter "seed"'],
    ['parameters: { l2: much }', 'Setting "l2"'],
    ['parameters: { l2: "1,5" }', 'Setting "l2"'],
    // A number that would lose digits, one that is none, one beyond all.
    ['parameters: { maxIterations: "9007199254740993" }', 'Setting "maxIterations"'],
    ['parameters: { l2: NaN }', 'Setting "l2"'],
    ['parameters: { l2: "1e999" }', 'Setting "l2"']
  ])('are a problem that names the parameter when they say no such number: %s', (training, named) => {
    expect(problems(training)).toEqual([['INVALID_PARAMETER', expect.stringContaining(named)]])
  })
})
