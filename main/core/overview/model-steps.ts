import { gateWord, isWithoutGate } from '../../model/gate-standing'
import type { NextStep } from '../../model/overview'
import type { ModelVersion } from '../../model/registry'

type OpenStep = NextStep & { open: boolean }

/** What is to be done with the newest model: what no gate has let in is mended before anything is exported. */
export function modelSteps(latest: Pick<ModelVersion, 'name' | 'version' | 'stage' | 'gate'> | null, isExported: boolean): OpenStep[] {
  const page = latest && `/models/${encodeURIComponent(latest.name)}/${latest.version}`
  const steps: OpenStep[] = [
    {
      id: 'export',
      title: 'Export a signed bundle',
      text: 'Hand the model with all its evidence to a reviewer.',
      route: page ?? '/models',
      open: !isExported
    }
  ]
  if (!latest || !isWithoutGate(latest)) return steps
  const { gate } = latest
  const kept = `${latest.name}@${latest.version} is a draft without gate`
  const mend = gate
    ? {
        title: 'Mend what does not hold',
        text: `${kept}: the policy "${gate.policy}" ${gateWord(gate) === 'failed' ? 'failed' : 'could not pass it'}. Its gate report says what to mend; then run its pipeline again.`
      }
    : { title: 'Apply a policy', text: `${kept}: no policy was held over its run, and without one that passes it cannot be approved.` }
  return [{ id: 'mend', ...mend, route: `${page}?tab=gate`, open: true }, ...steps]
}
