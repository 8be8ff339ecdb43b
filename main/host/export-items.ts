import type { CallContext } from '../../preload/wire/definitions'
import type { Application } from '../core/application'
import type { WorkItem } from '../core/commands'

/** An export whose progress is told by stages, as all work on bundles is. */
export const exportItems = <I, R>(bound: (input: I, context: CallContext<Application>) => AsyncGenerator<WorkItem, R, void>) =>
  async function* (input: I, context: CallContext<Application>): AsyncGenerator<{ stage: string; fraction: number }, R, void> {
    const items = bound(input, context)
    for (let item = await items.next(); ; item = await items.next()) {
      if (item.done) return item.value
      yield { stage: item.value.message, fraction: item.value.fraction ?? 0 }
    }
  }
