import type { updates } from '../../../preload/contract/updates'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import { applyUpdate, checkUpdate, findUpdatePlace, goBack, handOver, told, updateState, type UpdatePlace } from '../../core/updates'
import type { UpdateReport, UpdateResult } from '../../model/update'
import { progressItems } from '../progress-items'

const placeOf = (app: Application): UpdatePlace => findUpdatePlace(app.userDirectory)
interface Progress {
  stage: string
  fraction: number | null
}

export const updatesHandlers: Handlers<{ updates: typeof updates }, Application>['updates'] = {
  state: (_input, { workbench: app }) => updateState(placeOf(app)),
  check: ({ path }, { workbench: app, signal }) =>
    progressItems<Progress, UpdateReport>((onProgress) => checkUpdate(placeOf(app), path, { signal, onProgress })),
  apply: ({ path, for: whom }, { workbench: app, signal }) =>
    progressItems<Progress, UpdateResult>((onProgress) =>
      told(app.changes, (whom === 'machine' ? handOver : applyUpdate)(placeOf(app), path, { signal, onProgress }))
    ),
  back: async (_input, { workbench: app }) => told(app.changes, goBack(placeOf(app)))
}
