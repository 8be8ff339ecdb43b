import { describe, expect, it } from 'vitest'
import { parseLocation } from '../ui'
import { hrefOfReference } from './ref-link'

describe('addresses of references', () => {
  it('know the screen of a reference', () => {
    expect(hrefOfReference('run:5f0c')).toBe('#/experiments/run/5f0c')
    expect(parseLocation(hrefOfReference('dataset:strikes@sha256:ab') ?? '').path).toEqual(['strikes', 'sha256:ab'])
    expect(hrefOfReference(`policy:floor@sha256:${'a'.repeat(64)}`)).toBe('#/policies/floor')
    expect(hrefOfReference('key:abc')).toBeNull()
  })
})
