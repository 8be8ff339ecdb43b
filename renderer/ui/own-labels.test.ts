import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const controls = new Set(
  'TextInput TextArea Select Combobox MultiCombobox NumberInput Switch CodeEditor LineOfText input textarea select'.split(' ')
)
/** The control of one parameter; its caller puts a field around whatever it draws. */
const drawnInFields = ['features/pipelines/parameter-control.tsx']

/** Controls of a source that no label names, and those that share the label of a field with another; alternatives are no sharing. */
function unlabelled(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join('renderer', file), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const visit = (node: ts.Node, label: { controls: number; isField: boolean } | null): void => {
    const element = ts.isJsxElement(node) ? node.openingElement : ts.isJsxSelfClosingElement(node) ? node : null
    const name = element?.tagName.getText() ?? ''
    let around = label
    if (name === 'Field' || name === 'label') around = { controls: 0, isField: name === 'Field' }
    else if (element && controls.has(name)) {
      const given = element.attributes.properties
      const hasOwn = given.some((each) => ts.isJsxSpreadAttribute(each) || /^(label|aria-label(ledby)?)$/.test(each.name?.getText() ?? ''))
      const line = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`
      if (label) label.controls++
      if (!hasOwn && !label) found.push(`${line} has no label`)
      if (!hasOwn && label?.isField && label.controls > 1) found.push(`${line} shares its label`)
    }
    if (ts.isConditionalExpression(node) && around) {
      const before = around.controls
      let most = before
      for (const branch of [node.whenTrue, node.whenFalse]) {
        around.controls = before
        visit(branch, around)
        most = Math.max(most, around.controls)
      }
      around.controls = most
      return
    }
    ts.forEachChild(node, (child) => visit(child, around))
  }
  visit(source, null)
  return found
}

it('has a label of its own for every control of every form', () => {
  const files = readdirSync('renderer', { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => path.startsWith('features/') && path.endsWith('.tsx') && !path.includes('.test.') && !drawnInFields.includes(path))
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap(unlabelled)).toEqual([])
})
