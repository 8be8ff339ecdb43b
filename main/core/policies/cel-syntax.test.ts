import { parse } from '@bufbuild/cel'
import { describe, expect, it } from 'vitest'
import { collectSyntaxFacts } from './cel-syntax'

const factsOf = (source: string) => collectSyntaxFacts(parse(source), source)
/** The names that an expression reads, with a question mark where it asks whether they are there. */
const namesIn = (source: string) => factsOf(source).references.map(({ path, guarded }) => `${path.join('.')}${guarded ? '?' : ''}`)
/** The pieces of the text that an editor would underline. */
const marked = (source: string, parts: 'references' | 'functions') => factsOf(source)[parts].map(({ from, to }) => source.slice(from, to))

describe('the names that an expression reads', () => {
  it.each([
    ['metrics.auc > 0.5', ['metrics.auc']],
    ['metrics["auc"] > data["a"].b["c"]', ['metrics.auc', 'data.a.b.c']],
    ['metrics == data', ['metrics', 'data']],
    ['has(metrics.auc) && metrics.auc > 0.5', ['metrics.auc?', 'metrics.auc']],
    ['!metrics.a || -metrics.b < 0.0 ? metrics.c : metrics.d', ['metrics.a', 'metrics.b', 'metrics.c', 'metrics.d']],
    ['[metrics.a, [metrics.b]] == []', ['metrics.a', 'metrics.b']],
    ['{metrics.key: metrics.value, "text": metrics.other}', ['metrics.key', 'metrics.value', 'metrics.other']],
    ['google.protobuf.DoubleValue{value: metrics.auc}', ['metrics.auc']],
    ['size(model.features, data.rows)', ['model.features', 'data.rows']],
    ['model.features.size()', ['model.features']],
    ['{"a": metrics.auc}.a', ['metrics.auc']],
    // What is computed is not known without running it; what it is computed from is.
    ['model.features[0].name', ['model.features']],
    ['model.features[1 + data.rows].name', ['model.features', 'data.rows']],
    ['metrics[model.algorithm] > 0.5', ['metrics', 'model.algorithm']],
    ['metrics[true]', ['metrics']],
    ['1 + 2 == 3 && "text" != "other"', []]
  ])('in %s', (source, names) => {
    expect(namesIn(source)).toEqual(names)
  })

  it('are none of the variables of its loops, inside of them', () => {
    expect(namesIn('model.features.all(name, name.size() > data.rows)')).toEqual(['model.features', 'data.rows'])
    expect(namesIn('[1].exists(a, [2].all(b, a > b)) && a > 1')).toEqual(['a'])
    expect(namesIn('a.map(a, a.b, a.c)')).toEqual(['a'])
    for (const macro of ['all', 'exists', 'exists_one', 'filter', 'map'])
      expect(namesIn(`model.features.${macro}(one, one == metrics.auc)`), macro).toEqual(['model.features', 'metrics.auc'])
  })

  it('are facts where a leading dot says so, even if a variable has the name of their group', () => {
    expect(namesIn('.metrics.auc > 0.5')).toEqual(['metrics.auc'])
    expect(namesIn('[1].all(metrics, metrics.auc > 0.5)')).toEqual([])
    expect(namesIn('[1].all(metrics, . metrics.auc > 0.5)')).toEqual(['metrics.auc'])
    // A loop keeps a variable at the dot before its own name.
    expect(namesIn('[1].filter(filter, filter > 0) == [2].filter (filter, true)')).toEqual([])
  })

  it('are marked from the first to the last letter of what is written with dots', () => {
    expect(marked('  metrics.auc>0.5 && data . rows > 1', 'references')).toEqual(['metrics.auc', 'data . rows'])
    expect(marked('.metrics.auc > metrics["brier"]', 'references')).toEqual(['.metrics.auc', 'metrics'])
    expect(marked('metrics.auc.size() > x', 'references')).toEqual(['metrics.auc', 'x'])
    expect(marked('model.features.all(name, name == data.b_2.c)', 'references')).toEqual(['model.features', 'data.b_2.c'])
  })
})

describe('the functions that an expression calls', () => {
  it('are those with a name, marked by it, wherever they stand', () => {
    const source = 'size([lower("A"), {"k": upper("b")}]) > 1 && metrics.auc . median() in [1] && !has(data.x) && a.all(b, b.near(c(b)))'
    expect(factsOf(source).functions.map(({ name }) => name)).toEqual(['size', 'lower', 'upper', 'median', 'near', 'c'])
    expect(marked(source, 'functions')).toEqual(['size', 'lower', 'upper', 'median', 'near', 'c'])
  })

  it('are not the operators, nor what a loop is made of', () => {
    expect(factsOf('-1 + 2 * 3 >= 4 || !(5 in [6]) ? a[7] : b.exists(c, c == 8)').functions).toEqual([])
  })
})

describe('the depth of an expression', () => {
  it('in loops counts those that run inside of each other', () => {
    const depthOf = (source: string) => factsOf(source).iterationDepth
    expect(depthOf('metrics.auc > 0.5')).toBe(0)
    expect(depthOf('[1].all(a, a > 0) && [1].all(b, b > 0)')).toBe(1)
    expect(depthOf('[1].map(a, a).filter(b, b > 0).exists(c, c > 0)')).toBe(1)
    expect(depthOf('[1].all(a, [2].exists(b, a < b))')).toBe(2)
    expect(depthOf('[1].all(a, [2].exists(b, a < b) && a > 0) && [1].all(c, c > 0)')).toBe(2)
    expect(depthOf('[1].map(a, [2].filter(b, [3].exists_one(c, c > a + b)))')).toBe(3)
  })

  it.each([
    ['sums', (depth: number) => `1${' + 1'.repeat(depth)}`],
    ['methods', (depth: number) => `"a"${'.f()'.repeat(depth)}`]
  ])('in %s is 500 at most', (_, nested) => {
    expect(() => factsOf(nested(500))).not.toThrow()
    expect(() => factsOf(nested(501))).toThrow(RangeError)
  })
})
