import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Places that spell it themselves all the same, and why. */
const allowed: Record<string, string> = {
  'main/model/reference.ts': 'the one home of references and digests',
  'main/model/sql-quoting.ts': 'the one home of SQL quoting',
  'main/core/pipelines/steps/source/definition.ts': 'the form of the step shows the pattern of a version',
  'main/core/pipelines/steps/script/files.ts': 'quotes of a CSV file, which are doubled as in SQL',
  'main/core/training/scoring/external-table.ts': 'quotes of a CSV file, which are doubled as in SQL',
  'main/core/datasets/stage-json.ts': 'quotes of a CSV file, which are doubled as in SQL',
  'renderer/charts/value-table.tsx': 'quotes of a CSV file, which are doubled as in SQL',
  'main/model/shell-quoting.ts': 'quotes of a Windows command, which are doubled as in SQL'
}

const KINDS = 'run|person|key|model|feature|report|bundle'
/** What stands before an inserted value when a reference is printed by hand: `sha256:`, or its kind at the very beginning. */
const printsByHand = (text: string, isHead: boolean): boolean => /sha256:$/.test(text) || (isHead && new RegExp(`^(${KINDS}):$`).test(text))
const isDoubling = (node: ts.CallExpression): boolean => {
  const [quote, twice] = node.arguments.map((each) => (ts.isStringLiteralLike(each) ? each.text : ''))
  return /\.replace(All)?$/.test(node.expression.getText()) && (quote === "'" || quote === '"') && twice === quote + quote
}

/** What a source spells by itself that has a home: printed references, patterns of digests, doubled quotes. */
function ownSpellings(source: string, path: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const isPrinted =
      (ts.isTemplateHead(node) && printsByHand(node.text, true)) || (ts.isTemplateMiddle(node) && printsByHand(node.text, false))
    const isPattern = ts.isRegularExpressionLiteral(node) && /\{(\d+,)?64\}/.test(node.text) && /[0-9]-?9?a-f|a-f0-9/.test(node.text)
    if (isPrinted || isPattern || (ts.isCallExpression(node) && isDoubling(node))) found.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

const sources = execFileSync('git', ['ls-files', 'main', 'preload', 'renderer'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path) && !/\.(test|fixture)\.tsx?$|\/fixtures\/|\/testing|^main\/testing\//.test(path))

describe('references, digests and SQL quotes', () => {
  it('are printed and read in one place each', () => {
    const breaches = sources
      .filter((path) => !(path in allowed))
      .flatMap((path) => ownSpellings(readFileSync(path, 'utf8'), path).map((text) => `${path}: ${text}`))
    expect(breaches).toEqual([])
  })

  it('are allowed in no place that no longer needs it', () => {
    for (const path of Object.keys(allowed)) expect(ownSpellings(readFileSync(path, 'utf8'), path), path).not.toEqual([])
  })

  it.each([
    'const hex = /^[0-9a-f]{64}$/',
    'const either = /^(latest|[a-f0-9]{8,64})$/',
    'const ref = `dataset:${name}@sha256:${digest}`',
    'const bytes = `report:sha256:${digest}`',
    'const subject = `run:${id}`',
    `const text = "'" + value.replaceAll("'", "''") + "'"`,
    `const name = value.replace('"', '""')`
  ])('are found: %s', (planted) => {
    expect(ownSpellings(planted, 'planted.ts')).not.toEqual([])
  })

  it('are not seen where there are none', () => {
    const innocent =
      "const a = `${name}@${version} at ${time}`; const b = /^[0-9a-f]{32}$/; const c = text.replaceAll('\"', '&quot;'); // `run:${id}`"
    expect(ownSpellings(innocent, 'innocent.ts')).toEqual([])
  })
})

/** Each object schema with several fields that stands written out, with spaces and comments left out. */
function shapesIn(source: string, path: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const printer = ts.createPrinter({ removeComments: true })
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^z\.(strict|loose)?[oO]bject$/.test(node.expression.getText())) {
      const [fields] = node.arguments
      if (fields && ts.isObjectLiteralExpression(fields) && fields.properties.length > 1)
        found.push(printer.printNode(ts.EmitHint.Unspecified, node, file).replace(/\s/g, ''))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
const twice = (shapes: readonly string[]): string[] => [...new Set(shapes.filter((shape, index) => shapes.indexOf(shape) !== index))]

describe('shapes of documents and calls', () => {
  it('stand written out once', () => {
    const shapes = sources
      .filter((path) => /^(main\/model|preload\/contract)\//.test(path))
      .flatMap((path) => shapesIn(readFileSync(path, 'utf8'), path))
    expect(shapes.length).toBeGreaterThan(100)
    expect(twice(shapes)).toEqual([])
  })

  it('are found twice also with other spaces and comments', () => {
    const planted =
      'const a = z.object({ x: z.number(), y: z.number() })\nconst b = z.object({\n  x: z.number(),\n  /** Down. */ y: z.number()\n})'
    expect(twice(shapesIn(planted, 'planted.ts'))).toHaveLength(1)
    expect(twice(shapesIn('z.object({ a: z.string() }); z.object({ a: z.string() })', 'planted.ts'))).toEqual([])
  })
})
