/** One example of each step type. Together they are the steps of one pipeline, so that what feeds what is right as well. */
export const stepExamples: Readonly<Record<string, string>> = {
  source: `- id: loans
  type: source
  parameters:
    dataset: loans`,
  sql: `- id: features
  type: sql
  inputs:
    loans: loans.table
  parameters:
    output: FeatureSet
    query: |
      SELECT amount, term, income, purpose, issued, defaulted
      FROM loans
      ORDER BY issued`,
  'quality-check': `- id: quality
  type: quality-check
  inputs:
    table: features.table
  parameters:
    target: defaulted
    columns:
      issued: { role: time }`,
  split: `- id: split
  type: split
  inputs:
    table: features.table
  parameters:
    by: time
    column: issued
    test: 0.25
    validation: 0.2`,
  'cross-validate': `- id: judge
  type: cross-validate
  inputs:
    table: split.train
  parameters:
    target: defaulted
    exclude: [issued]
    by: time
    column: issued
    folds: 4
    gap: 30 days
    algorithm: gradient-boosting
    parameters: { learningRate: 0.05 }
    candidates:
      - { maxLeaves: 8 }
      - { maxLeaves: 31 }
    seed: 7`,
  train: `- id: train
  type: train
  inputs:
    train: split.train
    cross_validation: judge.report
  parameters:
    target: defaulted
    exclude: [issued]
    algorithm: gradient-boosting
    parameters: { learningRate: 0.05 }
    seed: 7`,
  'import-model': `- id: taken
  type: import-model
  inputs:
    rows: split.train
  parameters:
    file: loans.onnx
    target: defaulted
    columns: [amount, term, income]
    learned: true`,
  'external-scorer': `- id: scorer
  type: external-scorer
  inputs:
    rows: split.train
  parameters:
    command: [Rscript, score.R]
    code: [score.R, model.rds]
    target: defaulted
    columns: [amount, term, income]`,
  calibrate: `- id: calibrate
  type: calibrate
  inputs:
    model: train.model
    rows: split.validation
  parameters:
    method: platt`,
  decide: `- id: decide
  type: decide
  inputs:
    model: calibrate.model
    rows: split.validation
  parameters:
    by: capacity
    capacity: 200
    of: 5000
    period: week`,
  conform: `- id: conform
  type: conform
  inputs:
    model: train.model
    rows: split.validation
  parameters:
    score: lac
    coverage: 0.95`,
  evaluate: `- id: evaluate
  type: evaluate
  inputs:
    model: train.model
    test: split.test
  parameters:
    groupColumn: purpose
    minimumGroupSize: 50`,
  gate: `- id: gate
  type: gate
  inputs:
    model: train.model
    evaluation: evaluate.evaluation
    quality: quality.report
  parameters:
    policy: loan-default`,
  explain: `- id: explain
  type: explain
  inputs:
    model: train.model
    rows: split.test
    background: split.train
  parameters:
    rows: 500`,
  score: `- id: score
  type: score
  inputs:
    rows: features.table
  parameters:
    model: loan-default@released
    keep: [issued]`,
  register: `- id: register
  type: register
  inputs:
    model: train.model
    gate: gate.decision
  parameters:
    name: loan-default`,
  script: `- id: summary
  type: script
  inputs:
    rows: features.table
  parameters:
    command: [python3, summary.py]
    files:
      summary.py: |
        import csv, json, os
        with open(os.environ['DRYDOCK_INPUT_ROWS'], encoding='utf-8') as file:
            rows = list(csv.DictReader(file))
        with open(os.environ['DRYDOCK_OUTPUT_REPORT'], 'w') as file:
            json.dump({'rows': len(rows)}, file)
    tables: csv
    outputs: { report: Report }`
}

/** The pipeline that all examples make. */
export const examplePipeline = (): string =>
  `schema: drydock.pipeline\nversion: 1\nname: examples\nsteps:\n${Object.values(stepExamples)
    .map((text) => text.replace(/^/gm, '  '))
    .join('\n')}\n`
