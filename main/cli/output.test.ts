import { expect, it } from 'vitest'
import { WorkbenchError } from '../model/errors'
import { createOutput } from './output'

it('of a pipeline that cannot run every error is printed with its line and step, up to twenty', () => {
  const printed = (count: number): string => {
    const problems = Array.from({ length: count }, (_, i) => ({
      code: 'EMPTY',
      severity: 'error',
      message: `Wrong ${i}.`,
      stepId: `s${i}`,
      line: i + 3
    }))
    let text = ''
    const output = createOutput(
      false,
      () => {},
      (written) => (text += written)
    )
    output.error(new WorkbenchError('INVALID_INPUT', 'It cannot run.', { details: { problems } }))
    return text
  }
  expect(printed(2)).toBe('drydock: It cannot run.\n  line 3, step "s0": Wrong 0.\n  line 4, step "s1": Wrong 1.\n')
  expect(printed(1)).toBe('drydock: It cannot run.\n')
  expect(printed(23).split('\n').slice(-3)).toEqual(['  line 22, step "s19": Wrong 19.', '  and 3 more', ''])
})
