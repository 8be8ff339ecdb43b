import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveTreeRows, firstFile, type BundleFile } from './file-tree'
import { normaliseFingerprint } from './fingerprint-dialog'

const file = (path: string, state: BundleFile['state'] = 'verified'): BundleFile => ({ path, size: 1, state })

describe('the tree of a bundle', () => {
  const files = [file('README.md'), file('model/b.onnx', 'changed'), file('model/a/x.json'), file('card/model-card.html')]

  it('lists folders before files and counts what is altered inside', () => {
    const rows = deriveTreeRows(files, new Set())
    expect(rows.map((row) => `${'  '.repeat(row.depth)}${row.name}`)).toEqual([
      'card',
      '  model-card.html',
      'model',
      '  a',
      '    x.json',
      '  b.onnx',
      'README.md'
    ])
    expect(rows[2]).toMatchObject({ kind: 'folder', files: 2, problems: 1, open: true })
  })

  it('hides what is in a closed folder', () => {
    expect(deriveTreeRows(files, new Set(['model/'])).map((row) => row.id)).toEqual([
      'card/',
      'card/model-card.html',
      'model/',
      'README.md'
    ])
  })

  it('shows every file exactly once, whatever the names', () => {
    const part = fc.string({ minLength: 1, maxLength: 4 }).filter((text) => !text.includes('/'))
    fc.assert(
      fc.property(fc.uniqueArray(fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))), (paths) => {
        const shown = deriveTreeRows(
          paths.map((path) => file(path)),
          new Set()
        ).flatMap((row) => (row.kind === 'file' ? [row.id] : []))
        expect(shown.sort()).toEqual([...paths].sort())
      })
    )
  })

  it('opens the model card first, never a file that is gone', () => {
    expect(firstFile(files)).toBe('card/model-card.html')
    expect(firstFile([file('card/model-card.html', 'missing'), file('README.md')])).toBe('README.md')
    expect(firstFile([])).toBeNull()
  })
})

describe('a fingerprint as people write it', () => {
  it('loses groups, colons, capitals and the prefix', () => {
    expect(normaliseFingerprint('SHA256: AB:cd ef-01\n23')).toBe('abcdef0123')
  })
})
