import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { figureCells } from '../../main/core/bundle-format/documents/card-figures'
import { factVocabulary } from '../../main/model/policy'
import { METRICS, metricTitleOf } from '../../main/model/tasks'
import { metricFormat, metricText, metricTitle } from './metric-format'

/** What is measured in something; shares, ratios and scores have no dimension. */
const dimensional = METRICS.filter(({ unit }) => ['seconds', 'bytes', 'rows/s', 'nats'].includes(unit))

it('every metric with a dimension has its unit on screens, axes, alone, on the card, in tables of the command line and in rules', () => {
  expect(dimensional.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['log_loss', 'log_loss_baseline', 'latency_p50', 'latency_p99', 'throughput', 'peak_memory', 'train_seconds'])
  )
  const unit = /(^|[ ,])(ms|s|\u00b5s|B|KiB|MiB|GiB|nats|rows\/s|bytes)$/
  for (const { key, label, unit: kind } of dimensional) {
    const format = metricFormat(key)
    expect(format.unit, key).toMatch(unit)
    expect(metricTitle(format), key).toBe(`${label}, ${format.unit}`)
    expect(metricText(key, 0.25), key).toMatch(unit)
    expect(metricTitleOf(key), key).toMatch(unit)
    expect(figureCells({ name: key, label, value: 2048, unit: kind, better: 'lower' }).join(' ').trim(), key).toMatch(unit)
    expect(factVocabulary.find(({ path }) => path === `metrics.${key}`)?.unit, key).toMatch(unit)
  }
  for (const { key, unit: kind } of METRICS) if (kind === 'none') expect(metricTitleOf(key)).toBe(key)
  // Whatever a rule compares with a number says what the number counts; a Brier score is the mean square of shares and counts nothing.
  expect(factVocabulary.flatMap(({ path, kind, unit: own }) => (kind === 'number' && !own ? [path] : []))).toEqual(['metrics.brier'])
})

/** Fields that hold seconds, bytes or rows per second. */
const measured = /\.(duration|seconds|milliseconds|elapsed|bytes|size|\w*[mM]emory|latency\w*|rowsPerSecond)\b/
/** What writes a number with its unit. */
const withUnit = /DurationText|StepDuration|SizeText|JobTime|formatDuration|formatSize|formatBytes|formatMetric|metricText|\bunit\b|MiB/

/** Labelled figures of a source (columns, list items, stats) whose value is measured and that no unit stands beside. */
function bareFigures(source: string, path: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: string[] = []
  const partsOf = (node: ts.Node): { name: string; text: string }[] => {
    if (ts.isObjectLiteralExpression(node))
      return node.properties.flatMap((each) => (each.name ? [{ name: each.name.getText(), text: each.getText() }] : []))
    if (!ts.isJsxSelfClosingElement(node)) return []
    return node.attributes.properties.flatMap((each) => (each.name ? [{ name: each.name.getText(), text: each.getText() }] : []))
  }
  const visit = (node: ts.Node): void => {
    const parts = partsOf(node)
    const label = parts.find(({ name }) => name === 'label' || name === 'header')
    const shown = parts.filter(({ name }) => name === 'value' || name === 'cell').map(({ text }) => text.replace(/^(value|cell)\b/, ''))
    if (label && shown.some((text) => measured.test(text)) && !withUnit.test(node.getText())) found.push(`${path}: ${label.text}`)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

it('every labelled figure of the window that is measured stands with its unit', () => {
  expect(bareFigures("const a = { header: 'Took', value: (row) => row.duration }", 'x.tsx')).toEqual(["x.tsx: header: 'Took'"])
  expect(bareFigures('const a = <Stat label="Peak" value={row.peakMemory} />', 'x.tsx')).toEqual(['x.tsx: label="Peak"'])
  expect(bareFigures('const a = <Stat label="Peak" value={row.peakMemory} unit="MiB" />', 'x.tsx')).toEqual([])
  const files = execFileSync('git', ['ls-files', 'renderer/*.tsx', 'renderer/*.ts'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file && !/\.test\.tsx?$/.test(file))
  expect(files.length).toBeGreaterThan(200)
  const texts = files.map((file) => [file, readFileSync(file, 'utf8')] as const).filter(([, text]) => measured.test(text))
  expect(texts.flatMap(([file, text]) => bareFigures(text, file))).toEqual([])
})
