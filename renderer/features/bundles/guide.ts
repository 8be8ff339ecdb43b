/** What a reviewer must be able to find in a bundle, and where it is. */
export interface GuideTopic {
  title: string
  /** The rules that ask for it, by their short names. */
  asked: string
  /** Files that answer it; a name that ends in `/` means all files of that folder. */
  paths: readonly string[]
  /** A tab of the review that answers it as well. */
  tab?: 'checks' | 'decisions'
}

/** In the order of a review. Texts of rules are not quoted; the names only say where a topic comes from. */
export const guideTopics: readonly GuideTopic[] = [
  {
    title: 'Purpose, owner, version, limits and risk tier',
    asked: 'SR 26-2; EU AI Act Annex IV 1',
    paths: ['card/model-card.html', 'card/model-card.json']
  },
  {
    title: 'Design choices, assumptions and rejected alternatives',
    asked: 'EU AI Act Annex IV 2',
    paths: ['lineage/pipeline.yaml', 'lineage/code/', 'evidence/trials.json']
  },
  {
    title: 'Where the data comes from, how it was prepared, how good it is',
    asked: 'EU AI Act Annex IV 2; ISO/IEC 42001',
    paths: ['data/', 'lineage/provenance.slsa.json', 'evidence/quality-report.html', 'evidence/quality-report.json']
  },
  {
    title: 'Independence of training and test data',
    asked: 'GMLP',
    paths: ['evidence/quality-report.html', 'lineage/pipeline.yaml', 'evidence/trials.json']
  },
  {
    title: 'Figures with their uncertainty, groups, explanation',
    asked: 'EU AI Act Annex IV 3 and 4; NIST AI RMF Measure',
    paths: ['evidence/evaluation.json', 'evidence/fairness.json', 'evidence/explanation.json']
  },
  { title: 'Independent validation and challenge', asked: 'SR 26-2', paths: ['attestations/'], tab: 'decisions' },
  { title: 'Risks and what remains of them', asked: 'EU AI Act Annex IV 5; ISO/IEC 42001', paths: ['risk/'] },
  { title: 'Oversight and instructions', asked: 'EU AI Act Annex IV 2 and 3', paths: ['operate/runbook.md', 'model/signature.json'] },
  {
    title: 'Rules the model had to meet, and the result',
    asked: 'EU AI Act Annex IV 6; FDA PCCP',
    paths: ['policy/policy.yaml', 'policy/results.json']
  },
  { title: 'Monitoring, rollout and rollback', asked: 'EU AI Act Annex IV 9', paths: ['operate/slo.yaml', 'operate/rollout.yaml'] },
  { title: 'Who signed, when, with which meaning', asked: '21 CFR 11.50 and 11.70', paths: ['log/'], tab: 'checks' },
  {
    title: 'Environment, bill of materials, seeds',
    asked: 'reproducibility',
    paths: ['lineage/environment.json', 'bom.cdx.json']
  }
]

/** The files of a bundle that answer a topic, in the order in which the topic names them. */
export function filesOfTopic<File extends { path: string }>(topic: GuideTopic, files: readonly File[]): File[] {
  return topic.paths.flatMap((path) => files.filter((file) => (path.endsWith('/') ? file.path.startsWith(path) : file.path === path)))
}
