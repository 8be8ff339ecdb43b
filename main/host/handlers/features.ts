import type { features } from '../../../preload/contract/features'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'

export const featuresHandlers: Handlers<{ features: typeof features }, Application>['features'] = {
  list: (_input, { workbench: app }) => app.features.list(),
  get: ({ sha256 }, { workbench: app }) => app.features.get(sha256),
  rows: async ({ sha256, offset, limit }, { workbench: app }) => ({ ...(await app.features.rows(sha256, offset, limit)), offset })
}
