/** Everything a starter is filled in with; what is left out shows as a problem to correct in the editor. */
export interface StarterValues {
  name: string
  title: string
  dataset: string
  target: string
}

export interface Starter {
  id: string
  title: string
  text: string
  /** Step types it is made of; it is offered when all are there. */
  types: readonly string[]
  asks: readonly ('dataset' | 'target')[]
  steps: (values: StarterValues) => StarterStep[]
}

interface StarterStep {
  id: string
  type: string
  title: string
  inputs?: Record<string, string>
  /** Lines under `parameters`, already YAML. */
  parameters?: readonly string[]
}

const text = (value: string): string => JSON.stringify(value)
const source = ({ dataset }: StarterValues): StarterStep => ({
  id: 'data',
  type: 'source',
  title: 'Dataset',
  parameters: dataset ? [`dataset: ${text(dataset)}`] : []
})
const split: StarterStep = {
  id: 'split',
  type: 'split',
  title: 'Train and test',
  inputs: { table: 'features.table' },
  parameters: ['by: random', 'test: 0.25', 'seed: 42']
}
const features: StarterStep = {
  id: 'features',
  type: 'sql',
  title: 'Features',
  inputs: { data: 'data.table' },
  parameters: ['output: FeatureSet', 'query: |', '  SELECT *', '  FROM data']
}
const train = ({ target }: StarterValues): StarterStep => ({
  id: 'train',
  type: 'train',
  title: 'Gradient boosting',
  inputs: { train: 'split.train' },
  parameters: [...(target ? [`target: ${text(target)}`] : []), 'algorithm: gradient-boosting', 'seed: 42']
})
const evaluate: StarterStep = {
  id: 'evaluate',
  type: 'evaluate',
  title: 'Evaluate on the test split',
  inputs: { model: 'train.model', test: 'split.test' },
  parameters: ['threshold: 0.5', 'seed: 42']
}
const quality = ({ target }: StarterValues): StarterStep => ({
  id: 'quality',
  type: 'quality-check',
  title: 'Quality of the features',
  inputs: { table: 'features.table' },
  parameters: target ? [`target: ${text(target)}`] : []
})

export const starters: readonly Starter[] = [
  { id: 'blank', title: 'Blank', text: 'An empty canvas.', types: [], asks: [], steps: () => [] },
  {
    id: 'prepare',
    title: 'Prepare data',
    text: 'Dataset, an SQL query for the features, split into train and test.',
    types: ['source', 'sql', 'split'],
    asks: ['dataset'],
    steps: (values) => [source(values), features, split]
  },
  {
    id: 'train',
    title: 'Train and evaluate',
    text: 'Features, quality check, split, gradient boosting, evaluation on the test split.',
    types: ['source', 'sql', 'quality-check', 'split', 'train', 'evaluate'],
    asks: ['dataset', 'target'],
    steps: (values) => [source(values), features, quality(values), split, train(values), evaluate]
  },
  {
    id: 'governed',
    title: 'Train, gate and register',
    text: 'As above, then a policy decides whether the model is registered.',
    types: ['source', 'sql', 'quality-check', 'split', 'train', 'evaluate', 'gate', 'register'],
    asks: ['dataset', 'target'],
    steps: (values) => [
      source(values),
      features,
      quality(values),
      split,
      train(values),
      evaluate,
      {
        id: 'gate',
        type: 'gate',
        title: 'Policy gate',
        inputs: { model: 'train.model', evaluation: 'evaluate.evaluation', quality: 'quality.report' }
      },
      {
        id: 'register',
        type: 'register',
        title: 'Register the model',
        inputs: { model: 'train.model', gate: 'gate.decision' },
        parameters: [`name: ${text(values.name)}`]
      }
    ]
  },
  {
    id: 'script',
    title: 'Own program',
    text: 'A dataset handed to a program of yours as CSV; its table comes back as an output.',
    types: ['source', 'script'],
    asks: ['dataset'],
    steps: (values) => [
      source(values),
      {
        id: 'script',
        type: 'script',
        title: 'Own program',
        inputs: { data: 'data.table' },
        parameters: [
          'command: [sh, step.sh]',
          'files:',
          '  step.sh: |',
          '    # Reads $DRYDOCK_INPUT_DATA, writes $DRYDOCK_OUTPUT_RESULT. Here: the first 100 rows.',
          '    head -n 101 "$DRYDOCK_INPUT_DATA" > "$DRYDOCK_OUTPUT_RESULT"',
          'outputs:',
          '  result: Table',
          'tables: csv'
        ]
      }
    ]
  }
]

/** The YAML of a new pipeline. */
export function writeStarter(starter: Starter, values: StarterValues): string {
  const steps = starter.steps(values)
  const lines = ['schema: drydock.pipeline', 'version: 1', `name: ${values.name}`]
  if (values.title) lines.push(`title: ${text(values.title)}`)
  if (steps.length === 0) return [...lines, 'steps: []', ''].join('\n')
  lines.push('steps:')
  for (const step of steps) {
    lines.push(`  - id: ${step.id}`, `    type: ${step.type}`, `    title: ${text(step.title)}`)
    if (step.inputs) lines.push('    inputs:', ...Object.entries(step.inputs).map(([port, from]) => `      ${port}: ${from}`))
    if (step.parameters?.length) lines.push('    parameters:', ...step.parameters.map((line) => `      ${line}`))
  }
  return [...lines, ''].join('\n')
}
