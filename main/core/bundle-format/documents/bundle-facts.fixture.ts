import { samplePolicyText } from '../../../../resources/sample/policy'
import type { BinaryEvaluation } from '../../../model/evaluation'
import { evaluatePolicy, parsePolicy } from '../../policies'
import type { BinaryBundleFacts } from './bundle-facts'
import { sha256 } from '../../../storage/objects/durable-files'
import { PipelineRunId, RunId, type Sha256 } from '../../../model/reference'

export const digestOf = (text: string): Sha256 => sha256(text)

/** A believable evaluation: scores of a model that ranks well, computed and not typed in. */
export function anEvaluation(
  names = { column: 'phase_of_flight', groups: ['Approach', 'Climb', 'Take-off run', 'Taxi'] }
): BinaryEvaluation {
  const bins = Array.from({ length: 20 }, (_, index) => {
    const from = index / 20
    const count = Math.round(900 * Math.exp(-from * 5)) + 6
    const positives = Math.round(count * (from + 0.02))
    return { from, to: (index + 1) / 20, positives, negatives: count - positives }
  })
  const total = bins.reduce((sum, bin) => ({ p: sum.p + bin.positives, n: sum.n + bin.negatives }), { p: 0, n: 0 })
  let seen = { p: 0, n: 0 }
  const roc = [...bins].reverse().map((bin) => {
    seen = { p: seen.p + bin.positives, n: seen.n + bin.negatives }
    return { threshold: bin.from, falsePositiveRate: seen.n / total.n, truePositiveRate: seen.p / total.p }
  })
  const above = bins.filter((bin) => bin.from >= 0.5)
  const truePositive = above.reduce((sum, bin) => sum + bin.positives, 0)
  const falsePositive = above.reduce((sum, bin) => sum + bin.negatives, 0)
  const estimate = (value: number, spread: number) => ({
    value,
    interval: { lower: value - spread, upper: value + spread, level: 0.95, samples: 2000 }
  })
  const rows = total.p + total.n
  return {
    schema: 'drydock.evaluation',
    version: 2,
    subject: { model: digestOf('model'), rows: digestOf('judged rows'), split: 'test', trainingRows: digestOf('training rows') },
    rowsShared: 0,
    split: 'test',
    target: { name: 'damage', positive: true },
    createdAt: '2026-05-04T10:00:00.000Z',
    seed: 7,
    rows: { read: rows, withoutTarget: 0, judged: rows, positives: total.p, negatives: total.n },
    threshold: 0.5,
    metrics: {
      auc: estimate(0.871, 0.013),
      average_precision: estimate(0.61, 0.03),
      log_loss: estimate(0.212, 0.01),
      brier: estimate(0.062, 0.004),
      brier_skill: estimate(0.28, 0.04),
      calibration_error: { value: 0.018, interval: null },
      calibration_debiased: {
        value: 0.011,
        interval: { lower: 0, upper: 0.02, level: 0.95, samples: 0, method: 'test inversion' }
      },
      accuracy: estimate(0.921, 0.008),
      precision: estimate(0.71, 0.04),
      recall: estimate(0.44, 0.04),
      f1: estimate(0.54, 0.03),
      specificity: { value: 0.983, interval: null }
    },
    bootstrap: { samples: 2000, level: 0.95, method: 'percentile' },
    confusion: { truePositive, falsePositive, trueNegative: total.n - falsePositive, falseNegative: total.p - truePositive },
    calibration: Array.from({ length: 10 }, (_, index) => {
      const predicted = index / 10 + 0.05
      const wide = 0.02 + index * 0.008
      const observed = Math.min(1, predicted * 0.94 + 0.01)
      return {
        from: index / 10,
        to: (index + 1) / 10,
        count: 900 - index * 80,
        predicted,
        observed,
        lower: Math.max(0, observed - wide),
        upper: Math.min(1, observed + wide)
      }
    }),
    reliability: {
      bins: Array.from({ length: 10 }, (_, index) => {
        const predicted = index / 10 + 0.05
        const [observed, wide] = [Math.min(1, predicted * 0.94 + 0.01), 0.02 + index * 0.008]
        return { from: index / 10, to: index / 10 + 0.1, count: 200, predicted, observed, lower: observed - wide, upper: observed + wide }
      }),
      p: 0.31,
      slope: { value: 0.97, interval: { lower: 0.9, upper: 1.04, level: 0.95, samples: 0, method: 'Wald' } },
      intercept: { value: 0.02, interval: { lower: -0.1, upper: 0.14, level: 0.95, samples: 0, method: 'Wald' } }
    },
    roc: [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }, ...roc],
    precisionRecall: [{ threshold: 0.5, recall: 0.44, precision: 0.71 }],
    thresholds: [],
    scores: bins,
    latency: { calls: 2000, p50: 0.000048, p99: 0.00031, mean: 0.00006, batchRows: 2000, rowsPerSecond: 29_000, peakMemory: 151_000_000 },
    trainingSeconds: 3.21,
    fairness: {
      column: names.column,
      minimumGroupSize: 30,
      minimumClassSize: 5,
      groups: names.groups.map((group, index) => ({
        group,
        count: index === 3 ? 12 : 800 - index * 210,
        positives: 60 - index * 12,
        selected: 70 - index * 15,
        selectionRate: 0.09 - index * 0.01,
        selectionLower: 0.075 - index * 0.01,
        selectionUpper: 0.11 - index * 0.005,
        truePositiveRate: index === 3 ? null : 0.46 - index * 0.03,
        falsePositiveRate: 0.02 + index * 0.004,
        precision: 0.7,
        accuracy: 0.92,
        auc: 0.86,
        meanProbability: 0.08,
        observedRate: 0.08,
        calibrationGap: 0,
        selectionRatio: 1 - index * 0.1,
        compared: index !== 3,
        excludedBecause: index === 3 ? 'fewer than 30 rows' : null
      })),
      unlistedGroups: 0,
      disparateImpact: 0.78,
      demographicParityDifference: 0.02,
      equalOpportunityDifference: 0.06,
      falsePositiveRateDifference: 0.008,
      equalisedOddsDifference: 0.06,
      comparisons: {
        level: 0.95,
        tolerance: { ratio: 0.8, gap: 0.1 },
        selectionRatio: { lower: 0.49, upper: 1 },
        selection: { lower: 0, upper: 0.06, p: 0.71, groups: 3, verdict: 'cannot-tell' },
        truePositive: { lower: 0, upper: 0.31, p: 1, groups: 3, verdict: 'cannot-tell' },
        falsePositive: { lower: 0, upper: 0.03, p: 1, groups: 3, verdict: 'alike' },
        odds: { lower: 0, upper: 0.31 },
        verdict: 'cannot-tell'
      },
      notes: []
    },
    warnings: []
  }
}

/** Facts of a whole bundle; `text` replaces every free text, so that a test can put hostile strings everywhere at once. */
export function aBundle(text?: string): BinaryBundleFacts {
  const say = (usual: string): string => text ?? usual
  const evaluation = anEvaluation(text === undefined ? undefined : { column: text, groups: [text, 'b', 'c', 'd'] })
  const features = ['species', 'speed', 'height', 'phase_of_flight', 'effect_amount_of_damage_long_name_here']
  const dataset = digestOf('strikes')
  const model = digestOf('model')
  const policy = parsePolicy(samplePolicyText)
  const started = '2026-05-04T09:59:00.000Z'
  return {
    drydockVersion: '0.1.0',
    generatedAt: '2026-05-04T10:05:00.000Z',
    demo: true,
    model: {
      name: say('strike-damage'),
      version: 2,
      stage: say('in review'),
      description: say('Ranks reported wildlife strikes by the chance that the aircraft was damaged.'),
      intendedUse: say('Order inspections of aircraft after a reported strike. A mechanic looks at every aircraft in any case.'),
      outOfScope: say('Clearing an aircraft for flight. Strikes outside the United States.'),
      limitations: [say('Reports are voluntary, so harmless strikes are under-reported.'), 'Rare species share one group.'],
      owner: { name: say('Maya Okafor'), role: 'owner', demo: true },
      riskTier: 'medium'
    },
    people: [
      { name: say('Maya Okafor'), role: 'author', demo: true },
      { name: 'J\u00f8rgen \u00c5berg', role: say('reviewer'), demo: true }
    ],
    signer: { name: say('Maya Okafor'), curve: 'P-256', keyFingerprint: digestOf('key'), form: 'key' },
    run: {
      id: RunId.parse('5f0c'.repeat(8)),
      experiment: say('strike-damage'),
      startedAt: started,
      finishedAt: '2026-05-04T10:00:10.000Z',
      durationSeconds: 70.4,
      parameters: { trees: '200', learningRate: '0.1', [say('maxLeaves')]: say('31') },
      metrics: { auc: 0.871 },
      seeds: { split: 42, training: 7 },
      codeSha256: digestOf('code'),
      environment: {
        runtime: 'node 20.20.2',
        os: say('linux 6.1'),
        cpu: say('x86_64, 2 cores'),
        versions: { v8: '11.3' },
        packages: { '@duckdb/node-api': '1.5.5-r.5', 'onnxruntime-node': '1.30.0', zod: '4.6.7' }
      }
    },
    evaluation,
    signature: {
      schema: 'drydock.model-signature',
      version: 1,
      task: 'binary-classification',
      algorithm: 'gradient-boosting',
      target: { name: say('damage'), positive: true, negatives: [false] },
      inputs: [
        {
          name: say('speed'),
          input: say('speed'),
          kind: 'number',
          tensor: 'float',
          unit: say('kn'),
          missing: 'NaN',
          missingShare: 0.4,
          range: { min: 0, max: 350 }
        },
        {
          name: 'phase_of_flight',
          input: 'phase_of_flight',
          kind: 'category',
          tensor: 'string',
          missing: 'empty string',
          missingShare: 0,
          categories: [say('Approach'), ...Array.from({ length: 15 }, (_, index) => `phase ${index}`)]
        }
      ],
      outputs: [
        { name: 'label', tensor: 'int64', shape: '[N]', description: say('1 when the probability is at least 0.5') },
        { name: 'probability', tensor: 'float', shape: '[N, 1]', description: 'Probability of damage' }
      ],
      notes: []
    },
    training: {
      schema: 'drydock.training',
      version: 1,
      algorithm: 'gradient-boosting',
      parameters: { trees: 200 },
      seed: 7,
      target: { name: say('damage'), positive: true, negatives: [false] },
      features: features.map((name) => ({ name, kind: 'number' as const })),
      rows: { read: 8000, withoutTarget: 0, training: 8000, validation: 0, positives: 700, negatives: 7300 },
      iterations: 200,
      bestIteration: 200,
      stopped: 'finished',
      history: [],
      importances: features.map((feature, index) => ({
        feature: index === 0 ? say(feature) : feature,
        gain: 0.4 - index * 0.08,
        uses: 40,
        permutation: 0.11 - index * 0.025
      })),
      durations: { read: 0.1, fit: 3.21, export: 0.1, check: 0.1, total: 3.5 },
      parity: { rows: 2000, maxDifference: 2.6e-7 },
      trainingTable: { sha256: digestOf('train') },
      modelDigest: digestOf('digest'),
      files: {
        model: { path: 'model.onnx', sha256: model, bytes: 5 },
        native: { path: 'native.json', sha256: digestOf('native'), bytes: 5 },
        signature: { path: 'signature.json', sha256: digestOf('signature'), bytes: 5 }
      },
      warnings: []
    },
    datasets: [
      {
        name: say('strikes'),
        sha256: dataset,
        rows: 10_000,
        columns: [
          { name: say('species'), type: 'VARCHAR', role: 'feature' },
          { name: 'speed', type: 'DOUBLE', role: 'feature', unit: say('kn') },
          { name: 'damage', type: 'BOOLEAN', role: 'target' }
        ],
        source: say('birdstrikes.csv of vega-datasets: FAA Wildlife Strike Database'),
        licence: say('BSD-3-Clause (package); US Government work (data)'),
        sensitivity: 'public',
        use: 'source'
      }
    ],
    quality: {
      format: 'drydock-quality/1',
      subject: say('strikes'),
      sha256: dataset,
      rows: 10_000,
      columnCount: 14,
      target: null,
      features,
      counts: { error: 0, warning: 1, info: 0 },
      findings: [
        {
          id: 'missing:speed',
          kind: 'missing',
          severity: 'warning',
          columns: [say('speed')],
          title: say('40 % of the speeds are missing'),
          what: say('4,012 of 10,000 rows have no speed.'),
          meaning: say('The model must cope with missing speeds.'),
          next: say('Keep the column and let the trainer handle it.'),
          count: 4012,
          share: 0.4012,
          examples: [],
          evidence: {}
        }
      ]
    },
    gate: evaluatePolicy(policy, policy.document.tests[0]?.given ?? {}, new Date('2026-05-04T10:01:00.000Z')),
    gates: [
      { policy: policy.document.name, policySha256: policy.sha256, outcome: 'pass', at: started, enclosed: true },
      { policy: say('strict'), policySha256: digestOf('strict'), outcome: 'fail', at: started, enclosed: false }
    ],
    sample: { rows: 100, tested: 2000, refused: 6 },
    lineage: {
      pipelineRun: PipelineRunId.parse('b6a2f7de-7b0f-4c8e-9d0a-0d7a7f1c2e11'),
      pipeline: { name: say('train-damage'), sha256: digestOf('pipeline') },
      steps: [
        {
          id: 'source',
          type: 'source',
          version: 1,
          parameters: { dataset: say('strikes') },
          inputs: [{ reference: `dataset:${say('strikes')}@sha256:${dataset}`, name: say('strikes'), sha256: dataset }],
          outputs: [{ reference: `dataset:${say('strikes')}@sha256:${dataset}`, name: 'table', sha256: dataset }],
          startedAt: '2026-05-04T09:58:00.000Z',
          finishedAt: '2026-05-04T09:58:01.000Z',
          attempt: 1
        },
        {
          id: 'features',
          type: 'sql',
          version: 1,
          parameters: {},
          inputs: [{ reference: `dataset:${say('strikes')}@sha256:${dataset}`, name: 'strikes', sha256: dataset }],
          outputs: [{ reference: `object:${digestOf('table')}`, name: 'table', sha256: digestOf('table') }],
          startedAt: '2026-05-04T09:58:30.000Z',
          finishedAt: '2026-05-04T09:58:40.000Z',
          attempt: 1
        },
        {
          id: 'train',
          type: 'train',
          version: 1,
          parameters: { trees: 200 },
          inputs: [{ reference: `object:${digestOf('table')}`, name: 'table', sha256: digestOf('table') }],
          outputs: [
            { reference: `object:${model}`, name: 'model', sha256: model },
            { reference: `object:${digestOf('log')}`, name: 'training record', sha256: digestOf('log') }
          ],
          startedAt: started,
          finishedAt: null,
          attempt: 2
        }
      ]
    },
    pipelineYaml: 'schema: drydock.pipeline\nversion: 1\nname: train-damage\nsteps: []\n',
    trials: [
      {
        run: '5f0c'.repeat(8),
        name: say('boosting'),
        status: 'finished',
        discarded: false,
        algorithm: 'gradient-boosting',
        startedAt: started,
        durationSeconds: 70.4,
        parameters: {},
        metrics: { auc: 0.871 }
      },
      {
        run: 'a'.repeat(32),
        name: 'logistic',
        status: 'finished',
        discarded: true,
        algorithm: 'logistic-regression',
        startedAt: started,
        durationSeconds: 4,
        parameters: {},
        metrics: { auc: 0.82 },
        note: say('ranks worse')
      },
      {
        run: 'b'.repeat(32),
        name: 'broken',
        status: 'failed',
        discarded: false,
        algorithm: 'gradient-boosting',
        startedAt: started,
        durationSeconds: null,
        parameters: {},
        metrics: {},
        note: 'out of memory'
      }
    ],
    log: {
      intact: true,
      entries: [
        { index: 0, hash: digestOf('other work') },
        {
          index: 1,
          at: started,
          actor: say('Maya Okafor'),
          action: 'model.registered',
          subject: say('model:strike-damage@2'),
          detail: { run: '5f0c'.repeat(8) },
          previous: digestOf('other work'),
          hash: digestOf('registered')
        }
      ]
    },
    files: [
      { path: 'model/model.onnx', sha256: model, sha512: 'ab'.repeat(64), size: 5 },
      { path: 'policy/policy.yaml', sha256: policy.sha256, size: samplePolicyText.length }
    ]
  }
}
