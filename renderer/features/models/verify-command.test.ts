import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quoteArgument } from '../../../main/model/shell-quoting'
import { verifyCommand } from './verify-command'

describe('the verify command', () => {
  it('names bundle and key as a shell takes them', () => {
    expect(verifyCommand('/a/b.drydock', 'signer.pub.pem', false)).toBe('drydock verify /a/b.drydock --key signer.pub.pem')
    expect(verifyCommand("/it's here/b.drydock", 'k.pem', false)).toBe(`drydock verify '/it'\\''s here/b.drydock' --key k.pem`)
    expect(verifyCommand('C:\\My bundles\\b.drydock', 'k.pem', true)).toBe('drydock verify "C:\\My bundles\\b.drydock" --key "k.pem"')
  })

  it.skipIf(process.platform === 'win32')('gives every path to the program unchanged', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (text) => {
        fc.pre(!text.includes('\0') && Buffer.from(text).toString() === text)
        expect(execFileSync('sh', ['-c', `printf %s ${quoteArgument(text, false)}`], { encoding: 'utf8' })).toBe(text)
      }),
      { numRuns: 40 }
    )
  })
})
