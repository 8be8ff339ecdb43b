import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type { Experiments } from '../main/core/experiments'
import type { PoliciesWriter } from '../main/core/policies'
import type { ModelVersion } from '../main/model/registry'
import { RunId } from '../main/model/reference'
import type { RunDetail } from '../main/model/run'
import { contract } from '../preload/contract'

/** Types are judged by the compiler in `npm run check`: each line fails there when the signature takes any text again. */
describe('a run id', () => {
  it('is no other text', () => {
    expectTypeOf<string>().not.toExtend<RunId>()
    expectTypeOf<ModelVersion['modelSha256']>().not.toExtend<RunId>()
    expectTypeOf<NonNullable<RunDetail['pipelineRun']>>().not.toExtend<RunId>()
    for (const other of ['a'.repeat(64), '080b61b6-4eaf-4fa1-a02c-254d18ac7c3e', 'A'.repeat(32), ''])
      expect(RunId.safeParse(other).success).toBe(false)
  })

  it('is asked for wherever a run is meant, and told wherever one is named', () => {
    expectTypeOf<Parameters<Experiments['run']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<Parameters<Experiments['compare']>[0]>().toEqualTypeOf<RunId[]>()
    expectTypeOf<Parameters<PoliciesWriter['record']>[0]>().toEqualTypeOf<RunId>()
    expectTypeOf<ModelVersion['run']>().toEqualTypeOf<RunId>()
  })

  it('is plain text where the window writes it', () => {
    expectTypeOf<z.input<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: string }>()
    expectTypeOf<z.output<typeof contract.experiments.run.input>>().toEqualTypeOf<{ id: RunId }>()
    const id = 'a'.repeat(32)
    expect(contract.experiments.run.input.parse({ id })).toEqual({ id })
  })
})
