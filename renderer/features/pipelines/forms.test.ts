import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { describeType } from '../../../main/core/pipelines/describe-type'
import { stepRegistry } from '../../../main/core/pipelines/steps'
import { checkPipeline } from '../../../main/core/pipelines/validate-pipeline'
import { algorithmSchema } from '../../../main/model/training'
import type { PipelineRun, StepRun } from '../../../main/model/pipeline-run'
import { groupPoints } from './metrics-tab'
import { nameForPipeline, renameInText } from './pipeline-names'
import { createRunStore, foldRunEvent } from './run-store'
import { parseValue, readFields, showValue } from './schema-fields'
import { starters, writeStarter } from './starters'

describe('the form of a step', () => {
  it('has a field for every parameter of every step type, and a plain text box only for plain text', () => {
    for (const definition of stepRegistry.values()) {
      const schema = z.toJSONSchema(definition.parameters, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
      const fields = readFields(schema)
      expect(fields.map((field) => field.key)).toEqual(Object.keys(schema['properties'] as object))
      for (const field of fields) expect(field.title, `${definition.type}.${field.key}`).not.toBe('')
    }
  })

  it('is told by the step itself which parameters name something of the workspace', () => {
    const naming = [...stepRegistry.values()].flatMap(({ type, parameters }) =>
      readFields(z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>).flatMap(
        ({ key, control }) =>
          control.kind === 'text' && (control.format === 'dataset' || control.format === 'policy')
            ? [`${type}.${key}: ${control.format}`]
            : []
      )
    )
    expect(naming).toEqual(['source.dataset: dataset', 'quality-check.columnsOf: dataset', 'gate.policy: policy'])
  })

  it('is told which parameters name columns, and has fields for the settings of each algorithm', () => {
    const schemaOf = (parameters: z.ZodType) =>
      z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>
    const naming = [...stepRegistry.values()].flatMap(({ type, parameters }) =>
      readFields(schemaOf(parameters)).flatMap(({ key, control }) =>
        'format' in control && control.format === 'column' ? [`${type}.${key}: ${control.kind}`] : []
      )
    )
    expect(naming).toEqual([
      'quality-check.target: text',
      'quality-check.features: list',
      'quality-check.key: list',
      'split.column: text',
      'split.stratify: text',
      'cross-validate.target: text',
      'cross-validate.column: text',
      'cross-validate.features: list',
      'cross-validate.exclude: list',
      'cross-validate.weight: text',
      'cross-validate.exposure: text',
      'train.target: text',
      'train.features: list',
      'train.exclude: list',
      'train.weight: text',
      'train.exposure: text',
      'import-model.target: text',
      'import-model.columns: list',
      'external-scorer.target: text',
      'external-scorer.columns: list',
      'calibrate.weight: text',
      'decide.weight: text',
      'conform.weight: text',
      'evaluate.groupColumn: text',
      'evaluate.weight: text',
      'explain.features: list'
    ])
    const { nested } = describeType(stepRegistry.get('train')!)
    expect(nested.map(({ parameter, by, schemas }) => [parameter, by, Object.keys(schemas)])).toEqual([
      ['parameters', 'algorithm', algorithmSchema.options]
    ])
    for (const schema of Object.values(nested[0].schemas))
      for (const field of readFields(schema)) {
        expect(['number', 'choice', 'boolean', 'text'], field.key).toContain(field.control.kind)
        expect([field.default === undefined, field.description], field.key).toEqual([false, expect.stringMatching(/\w/)])
      }
  })

  it('chooses the control by the shape', () => {
    const schema = z.toJSONSchema(
      z.strictObject({
        query: z.string().meta({ format: 'sql' }),
        kind: z.enum(['a', 'b']).default('a'),
        share: z.number().gt(0).lt(1).default(0.2),
        count: z.int().min(1).max(10),
        flag: z.boolean().default(true),
        names: z.array(z.string()).default([]),
        units: z.record(z.string(), z.string().max(64)),
        files: z.record(z.string(), z.string().max(1_000_000)),
        ports: z.record(z.string(), z.enum(['x', 'y'])),
        settings: z.record(z.string(), z.json()),
        positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
        nested: z.object({ deep: z.array(z.number()) }).optional()
      }),
      { io: 'input' }
    ) as Record<string, unknown>
    const fields = new Map(readFields(schema).map((field) => [field.key, field]))
    expect(fields.get('query')?.control).toEqual({ kind: 'text', format: 'sql' })
    expect(fields.get('query')?.required).toBe(true)
    expect(fields.get('kind')).toMatchObject({ required: false, default: 'a', control: { kind: 'choice', choices: ['a', 'b'] } })
    expect(fields.get('share')?.control).toMatchObject({
      kind: 'number',
      integer: false,
      min: 0,
      max: 1,
      exclusiveMin: true,
      exclusiveMax: true
    })
    expect(fields.get('count')?.control).toMatchObject({ kind: 'number', integer: true, min: 1, max: 10, exclusiveMin: false })
    expect(fields.get('flag')?.control.kind).toBe('boolean')
    expect(fields.get('names')?.control.kind).toBe('list')
    expect(fields.get('units')?.control).toEqual({ kind: 'record', values: 'text' })
    expect(fields.get('files')?.control).toEqual({ kind: 'record', values: 'long-text' })
    expect(fields.get('ports')?.control).toEqual({ kind: 'record', values: { choices: ['x', 'y'] } })
    expect(fields.get('settings')?.control).toEqual({ kind: 'record', values: 'value' })
    expect(fields.get('positive')?.control.kind).toBe('scalar')
    expect(fields.get('nested')?.control.kind).toBe('json')
  })

  it('shows any value so that reading it back gives the same value', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
          fc.boolean(),
          fc.constant(null),
          fc.constant('12'),
          fc.constant('true'),
          fc.constant('"quoted"')
        ),
        (value) => {
          expect(parseValue(showValue(value))).toEqual(value)
        }
      )
    )
  })

  it('survives schemas that are no schemas', () => {
    for (const schema of [
      {},
      { properties: 3 },
      { properties: { a: null, b: 7, c: {} } },
      { properties: { a: { type: 'array', items: 5 } } }
    ])
      expect(() => readFields(schema)).not.toThrow()
  })
})

describe('starters', () => {
  it('are ready to run once they are filled in', () => {
    for (const starter of starters.filter((each) => each.id !== 'blank')) {
      const yaml = writeStarter(starter, { name: 'my-model', title: 'Strikes: "all" of them', dataset: 'strikes', target: 'damaged' })
      const { document, problems } = checkPipeline(yaml, stepRegistry)
      const left = problems.filter((problem) => problem.parameter !== 'policy')
      expect(left, starter.id).toEqual([])
      expect(document?.title).toBe('Strikes: "all" of them')
      expect(new Set(document?.steps.map((step) => step.type))).toEqual(new Set(starter.types))
    }
  })

  it('parse whatever title, dataset and target somebody types', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }),
        fc.string({ minLength: 1, maxLength: 60 }),
        fc.string({ minLength: 1, maxLength: 60 }),
        (title, dataset, target) => {
          const name = nameForPipeline(title, new Set())
          const yaml = writeStarter(starters[2], { name, title, dataset, target })
          const { document } = checkPipeline(yaml, stepRegistry)
          expect(document?.name).toBe(name)
          expect(document?.steps[0].parameters).toEqual({ dataset })
        }
      ),
      { numRuns: 60 }
    )
  })

  it('find a free name and rename a copy without touching its comments', () => {
    expect(nameForPipeline('Strike damage!', new Set(['strike-damage']))).toBe('strike-damage-2')
    expect(nameForPipeline('\u00c4rger & Co', new Set())).toBe('a-rger-co')
    expect(nameForPipeline('42', new Set())).toBe('pipeline')
    expect(renameInText('# c\nname: old # why\nsteps: []\n', 'new')).toBe('# c\nname: new\nsteps: []\n')
    expect(renameInText('{ name: old }', 'new')).toBeNull()
  })
})

describe('a run that is watched', () => {
  const step = { stepId: 'train', state: 'running', progress: { fraction: 0, message: '', etaSeconds: null } } as unknown as StepRun
  const run = { id: 'r', state: 'running', steps: [step] } as unknown as PipelineRun

  it('folds snapshot, progress, step, metric and end', () => {
    let state = createRunStore().getState()
    state = foldRunEvent(state, { kind: 'progress', stepId: 'train', progress: { fraction: 1, message: '', etaSeconds: null } })
    expect(state.run).toBeNull()
    state = foldRunEvent(state, { kind: 'snapshot', run })
    state = foldRunEvent(state, { kind: 'progress', stepId: 'train', progress: { fraction: 0.5, message: 'Fitting', etaSeconds: 3 } })
    expect(state.steps['train']?.progress.fraction).toBe(0.5)
    state = foldRunEvent(state, { kind: 'metric', stepId: 'train', point: { name: 'loss', value: 1, step: 1, at: '' } })
    state = foldRunEvent(state, { kind: 'step', step: { ...step, state: 'succeeded' } })
    state = foldRunEvent(state, { kind: 'run', run: { ...run, state: 'succeeded' } })
    expect(state.steps['train']?.state).toBe('succeeded')
    expect(state.run?.state).toBe('succeeded')
    expect(state.points['train']).toHaveLength(1)
  })

  it('counts a stored and watched point once', () => {
    const at = (name: string, stepNumber: number, value: number) => ({ name, value, step: stepNumber, at: '' })
    const groups = groupPoints([at('loss', 1, 0.5), at('loss', 0, 0.9)], [at('loss', 1, 0.5), at('loss', 2, 0.3), at('auc', 0, 0.8)])
    expect(groups.get('loss')?.map((point) => point.value)).toEqual([0.9, 0.5, 0.3])
    expect(groups.get('auc')).toHaveLength(1)
  })
})
