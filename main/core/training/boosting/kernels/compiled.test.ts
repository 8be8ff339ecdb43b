import { describe, expect, it } from 'vitest'
import { compileKernels, kernelModule } from '../../../../../scripts/kernels.mjs'
import { compiledKernels } from './compiled'

describe('the compiled kernels', () => {
  it('are what their source compiles to', async () => {
    const bytes = await compileKernels()
    expect(Buffer.from(bytes).toString('base64')).toBe(compiledKernels)
    expect(kernelModule(bytes)).toContain(compiledKernels.slice(0, 120))
    expect(WebAssembly.Module.imports(new WebAssembly.Module(Buffer.from(compiledKernels, 'base64')))).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' }
    ])
  })
})
