import type { BundleFacts } from './bundle-facts'

/** What is asked of the bundle beyond that it is intact and by its author. */
export interface Asked {
  /** As many independent approvals as the risk tier takes. */
  approvals?: boolean
  gate?: boolean
  stage?: boolean
}

/** So many persons besides the author must approve: two for a model of tier high. */
export const approvalsOf = ({ model }: Pick<BundleFacts, 'model'>): number => (model.riskTier === 'high' ? 2 : 1)

/** The command of an operator, with the files that the author and the reviewers hand over by another way than the bundle. */
export function verifyCommand(facts: BundleFacts, { approvals, gate, stage }: Asked = {}): string {
  const count = approvalsOf(facts)
  const reviewers = count === 1 ? ['reviewer.pub.pem'] : Array.from({ length: count }, (_, at) => `reviewer-${at + 1}.pub.pem`)
  return [
    `drydock verify BUNDLE ${facts.signer?.form === 'certificate' ? '--ca root.pem' : '--key signer.pub.pem'}`,
    ...(approvals || stage ? reviewers.map((file) => `--reviewer ${file}`) : []),
    ...(approvals ? [`--approvals ${count}`] : []),
    ...(gate ? ['--gate pass'] : []),
    ...(stage ? ['--stage released'] : [])
  ].join(' ')
}

/** What the exit codes of the command mean, for people. */
export const exitCodes = [
  [0, 'holds: intact, by the author you trust, and all that was asked is there'],
  [1, 'altered, or not by the author you trust'],
  [4, 'intact, but rejected by somebody you trust'],
  [5, 'intact, but something that was asked is missing, or nobody was named whom you trust']
] as const
