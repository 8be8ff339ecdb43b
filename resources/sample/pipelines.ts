import type { ModelPurpose } from '../../main/model/registry'

export const sampleModelName = 'strike-damage'
/** What the runs of the sample are compared for. */
export const sampleQuestion = 'Does a boosted model tell damaging strikes from harmless ones better than a plain logistic regression?'

/** What the sample model is for, in the words of its owner. */
export const samplePurpose = (owner: string): ModelPurpose => ({
  purpose: 'Ranks reported wildlife strikes by the chance that the aircraft was damaged, so that inspections can be planned.',
  intendedUse: 'Ordering the inspection queue at the airports in the data, with a person deciding on every aircraft.',
  outOfScope: 'Clearing an aircraft for flight; airports, aircraft types or years outside the data; setting insurance rates.',
  limitations: [
    'Reports are voluntary, so strikes without damage are missing more often than strikes with damage.',
    'Speed is missing in more than a quarter of the reports.',
    'The reports end in 2002; fleets and reporting have changed since.'
  ].join('\n'),
  owner,
  riskTier: 'medium'
})

/** One feature query for all pipelines, so that they share its result through the cache. */
const featureQuery = `
        SELECT
          "Effect Amount of damage" <> 'None' AS damaged,
          "Flight Date" AS flight_date,
          month("Flight Date") AS month,
          "Aircraft Make Model" AS aircraft,
          "Aircraft Airline Operator" AS operator,
          "Origin State" AS state,
          "Phase of flight" AS phase,
          "Wildlife Size" AS wildlife_size,
          "Wildlife Species" AS species,
          "Time of day" AS time_of_day,
          -- A speed of zero stands for "not reported".
          nullif("Speed IAS in knots", 0) AS speed
        FROM strikes
        ORDER BY "Flight Date"`

const header = (name: string, title: string, description: string): string => `schema: drydock.pipeline
version: 1
name: ${name}
title: ${title}
description: ${description}
`
const sharedSteps = `steps:
  - id: strikes
    type: source
    title: Strike reports
    parameters:
      dataset: strikes
    position: { x: 0, y: 0 }
  - id: features
    type: sql
    title: Features known at the strike
    inputs:
      strikes: strikes.table
    parameters:
      output: FeatureSet
      query: |${featureQuery}
    position: { x: 0, y: 200 }
  - id: quality
    type: quality-check
    title: Quality of the features
    inputs:
      table: features.table
    parameters:
      target: damaged
      columns:
        damaged: { role: target, knownWhen: after }
        flight_date: { role: time }
        speed: { unit: kn }
    position: { x: 270, y: 0 }
  - id: split
    type: split
    title: Newest quarter for the test
    inputs:
      table: features.table
    parameters:
      by: time
      column: flight_date
      test: 0.25
    position: { x: 270, y: 210 }
`
const evaluateStep = `  - id: evaluate
    type: evaluate
    title: Evaluate on the test split
    inputs:
      model: train.model
      test: split.test
    parameters:
      groupColumn: phase
      threshold: 0.2
      seed: 7
    position: { x: 810, y: 210 }
`

/** The baseline, and the boosted model that is gated and registered. */
export const samplePipelines: readonly string[] = [
  `${header('strike-damage-baseline', 'Strike damage, logistic baseline', 'A plain logistic regression, the yardstick for the boosted model.')}${sharedSteps}  - id: train
    type: train
    title: Logistic regression
    inputs:
      train: split.train
    parameters:
      experiment: strike-damage
      target: damaged
      exclude: [flight_date]
      units: { speed: kn }
      algorithm: logistic-regression
      parameters:
        l2: 1
      seed: 7
    position: { x: 540, y: 210 }
${evaluateStep}`,
  `${header('strike-damage', 'Strike damage, boosted trees', 'From strike reports to a registered model; the gate decides.')}parameters:
  - name: trees
    type: integer
    default: 120
    description: Most trees of the ensemble.
  - name: learning_rate
    type: number
    default: 0.05
    description: Share of each tree that is added.
${sharedSteps}  - id: train
    type: train
    title: Gradient boosting
    inputs:
      train: split.train
    parameters:
      experiment: strike-damage
      target: damaged
      exclude: [flight_date]
      units: { speed: kn }
      algorithm: gradient-boosting
      parameters:
        trees: \${{ parameters.trees }}
        learningRate: \${{ parameters.learning_rate }}
        maxLeaves: 8
        l2: 5
      seed: 7
    position: { x: 540, y: 210 }
${evaluateStep}  - id: gate
    type: gate
    title: Policy gate
    inputs:
      model: train.model
      evaluation: evaluate.evaluation
      quality: quality.report
    parameters:
      policy: strike-damage
    position: { x: 1080, y: 40 }
  - id: register
    type: register
    title: Register the model
    inputs:
      model: train.model
      gate: gate.decision
    parameters:
      name: ${sampleModelName}
    position: { x: 1350, y: 130 }
`
]
