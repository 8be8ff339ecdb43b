import { describeChange, gateWord } from './gate-standing'
import type { ModelVersion } from './registry'

/** What a reader of the bundle will stumble over, said before the version leaves; nothing of it keeps it from leaving. */
export function exportWarnings({ gate, purpose }: Pick<ModelVersion, 'gate' | 'purpose'>): string[] {
  const warnings: string[] = []
  const word = gate && gateWord(gate)
  if (word === null) warnings.push('No gate was held over it, so no policy says that it is good enough. Hold one over its run.')
  else if (word !== 'passed') {
    const said = {
      failed: `The gate of the policy "${gate!.policy}" failed.`,
      undecided: `The gate of the policy "${gate!.policy}" could not be decided, which counts as failed.`,
      'no gate': `The policy "${gate!.policy}" is no gate, because no rule of it blocks.`
    }
    warnings.push(`${said[word]} Mend what it names, or expect that it is rejected.`)
  }
  if (gate?.changed)
    warnings.push(`The text of the policy "${gate.policy}" was changed: ${describeChange(gate.changed)}. The bundle says so.`)
  if (purpose.purpose.trim() === '') warnings.push('Its purpose is empty, so nobody can judge whether it fits. Describe it first.')
  if (['', 'unknown person'].includes(purpose.owner.trim())) warnings.push('It has no owner who answers for it. Name one first.')
  return warnings
}
