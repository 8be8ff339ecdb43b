/** The changes that a mutation run makes to a source file, one at a time. */
import ts from 'typescript'

const swapped = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&'
}
/** By name of the method, of which `toString` is none. */
const callSwaps = { __proto__: null, some: 'every', every: 'some', min: 'max', max: 'min' }

/** Words for people may say anything: neither the text of an error nor of a log line decides what the program does. */
const isSpoken = (node) => {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isNewExpression(at) && /Error$/.test(at.expression.getText())) return true
    if (ts.isCallExpression(at) && /(^|\.)(log|write|describe|meta|newer|damaged|fail|refuse)$/.test(at.expression.getText())) return true
    if (ts.isStatement(at)) return false
  }
  return false
}

/**
 * @param {string} path the file's name, for its kind
 * @param {string} text its source
 * @returns {{ start: number, end: number, line: number, column: number, operator: string, from: string, to: string }[]}
 */
export function findMutants(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found = []
  const add = (node, operator, to, start = node.getStart(source), end = node.getEnd()) => {
    const from = text.slice(start, end)
    if (from === to) return
    const { line, character } = source.getLineAndCharacterOfPosition(start)
    found.push({ start, end, line: line + 1, column: character + 1, operator, from, to })
  }
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return
    if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const condition = ts.isIfStatement(node) ? node.expression : node.condition
      for (const value of ['true', 'false']) add(condition, 'condition', value)
    }
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText(source)
      if (swapped[operator]) add(node.operatorToken, 'operator', swapped[operator])
      if (operator === '+' && ![node.left, node.right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side)))
        add(node.operatorToken, 'operator', '-')
      if (operator === '??') add(node, 'fallback', node.left.getText(source))
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) add(node, 'not', node.operand.getText(source))
    if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) add(node, 'statement', ';')
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression
      if (Object.hasOwn(callSwaps, name.text)) add(name, 'call', callSwaps[name.text])
      if (name.text === 'filter' && node.arguments.length === 1) add(node, 'call', `${expression.getText(source)}.slice()`)
      if (node.expression.questionDotToken) add(node.expression.questionDotToken, 'guard', '.')
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'constant', 'false')
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'constant', 'true')
    if (ts.isNumericLiteral(node) && !isSpoken(node)) add(node, 'constant', node.text === '0' ? '1' : `(${node.getText(source)} + 1)`)
    if (ts.isStringLiteral(node) && node.text !== '' && isDeciding(node) && !isSpoken(node)) add(node, 'constant', "''")
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** A text that is compared or handed to a call; names of properties and members of types are none. */
const isDeciding = ({ parent }) => ts.isCallExpression(parent) || ts.isArrayLiteralExpression(parent) || ts.isBinaryExpression(parent)
