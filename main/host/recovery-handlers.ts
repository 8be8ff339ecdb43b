import { join } from 'node:path'
import type { workspace } from '../../preload/contract/workspace'
import type { Handlers } from '../../preload/wire/definitions'
import type { Application } from '../core/application'
import { examineWorkspace, repairWorkspace, reportOf, restoreWorkspace, salvageWorkspace, type ExamineOptions } from '../core/recovery'
import { WorkbenchError } from '../model/errors'
import { progressItems } from './progress-items'

function damagedOf(app: Application): NonNullable<Application['damaged']> {
  if (!app.damaged) throw new WorkbenchError('CONFLICT', 'No workspace is waiting to be mended. Open it first.')
  return app.damaged
}

/** Work on the damaged workspace, with its progress; what it has made is what `openMended` opens. */
const working = <T>(
  app: Application,
  signal: AbortSignal,
  work: (directory: string, options: ExamineOptions) => Promise<{ made?: string; answer: T }>
) =>
  progressItems<{ fraction: number | null; message: string }, T>(async (onProgress) => {
    const damaged = damagedOf(app)
    const { made, answer } = await work(damaged.directory, { signal, onProgress })
    if (made !== undefined) damaged.made = made
    return answer
  })

type Verbs = 'examineDamaged' | 'repairDamaged' | 'salvageDamaged' | 'restoreBackup' | 'openMended' | 'leaveDamaged'

/** The ways back, as part of what is asked of `workspace`. */
export const recoveryHandlers: Pick<Handlers<{ workspace: typeof workspace }, Application>['workspace'], Verbs> = {
  examineDamaged: (_input, { workbench: app, signal }) =>
    working(app, signal, async (directory, options) => ({ answer: reportOf(await examineWorkspace(directory, options)) })),
  repairDamaged: ({ from }, { workbench: app, signal }) =>
    working(app, signal, async (directory, options) => {
      const answer = await repairWorkspace(directory, { ...options, from: from === undefined ? [] : [from] })
      return { answer, made: answer.opens ? directory : undefined }
    }),
  salvageDamaged: ({ directory: above, folder }, { workbench: app, signal }) =>
    working(app, signal, async (directory, options) => {
      const answer = await salvageWorkspace(directory, join(above, folder), options)
      return { answer, made: answer.opens ? answer.directory : undefined }
    }),
  restoreBackup: ({ backup, directory: above, folder }, { workbench: app, signal }) =>
    working(app, signal, async (_directory, options) => {
      const answer = await restoreWorkspace(backup, join(above, folder), options)
      return { answer, made: answer.directory }
    }),
  openMended: (_input, { workbench: app }) => {
    const { directory, made } = damagedOf(app)
    return app.openWorkspace(made ?? directory)
  },
  leaveDamaged: (_input, { workbench: app }) => {
    app.leaveDamaged()
    return null
  }
}
