import type { LucideIcon } from 'lucide-react'
import type { Action } from '../../ui'

/** An action of this area, for the palette of actions and the keys. */
export function pipelineAction(
  id: `pipelines.${string}`,
  title: string,
  icon: LucideIcon | undefined,
  run: () => void,
  more: Pick<Action, 'keys' | 'isAvailable' | 'keywords'> = {}
): Action {
  return { id, title, group: 'Pipelines', icon, run, ...more }
}
