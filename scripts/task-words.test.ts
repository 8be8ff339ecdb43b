import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Words of the binary task, as a name or inside one: auc, positives, truePositive, auc_lower; infinity is none. */
const taskWord = /(?!positive_infinity)(?:(?<![a-z])auc(?![a-z])|positives?(?![a-z])|(?<=[a-z])Positives?|(?<=[a-z])Auc(?![a-z]))/i

/** Where the words may stand besides the tasks themselves, and why. */
const allowed: Record<string, string> = {
  'main/cli/run-commands.ts': 'example of a filter in the help',
  'main/core/sample/': 'the sample, which is binary',
  'main/core/training/onnx/': 'nodes and outputs of the exported graph',
  'main/model/run-filter.ts': 'example in a message',
  'renderer/features/experiments/filter-field.tsx': 'example of a filter',
  'renderer/features/policies/new-policy-text.ts': 'example of a policy'
}

/** The words in code and in texts of one source; comments and zod's `positive()` do not count. */
function wordsIn(source: string, path: string): string[] {
  // Most sources hold none at all, not even in a comment.
  if (!/auc|positive/i.test(source)) return []
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isText = ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node)
    const isZod =
      ts.isIdentifier(node) &&
      node.text === 'positive' &&
      ts.isPropertyAccessExpression(node.parent) &&
      ts.isCallExpression(node.parent.parent)
    if (isText && !isZod && taskWord.test((node as ts.Identifier).text)) found.push((node as ts.Identifier).text.trim())
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const sources = execFileSync('git', ['ls-files', 'main', 'preload', 'renderer'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$|\/fixtures\/|\/testing|^main\/testing\//.test(path))
const isOutside = (path: string): boolean => !/^(main\/model|main\/core|renderer)\/tasks\//.test(path)
const isAllowed = (path: string): boolean => Object.keys(allowed).some((place) => path.startsWith(place))

describe('words of a task', () => {
  it('stand in tasks/ and in the named places only', () => {
    const breaches = sources
      .filter((path) => isOutside(path) && !isAllowed(path))
      .flatMap((path) => wordsIn(readFileSync(path, 'utf8'), path).map((word) => `${path}: ${word}`))
    expect(breaches).toEqual([])
  })

  it('are named for no place that no longer needs them', () => {
    const needed = Object.keys(allowed).filter((place) =>
      sources.some((path) => path.startsWith(place) && wordsIn(readFileSync(path, 'utf8'), path).length > 0)
    )
    expect(needed).toEqual(Object.keys(allowed))
  })

  it('are found as a name, a property, a text and inside a longer name, and not in a comment or a schema', () => {
    const planted = "const auc = run.metrics.auc_lower; const t = 'AUC of it'; x.truePositive + `${rows} positives`\n"
    expect(wordsIn(planted, 'planted.ts')).toHaveLength(5)
    expect(wordsIn('<p>Positive rows</p>', 'planted.tsx')).toEqual(['Positive rows'])
    expect(wordsIn('// auc of positives\nz.number().positive()\nconst cause = pauciloquent', 'planted.ts')).toEqual([])
  })
})
