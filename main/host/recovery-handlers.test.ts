import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CallContext } from '../../preload/wire/definitions'
import type { Application } from '../core/application'
import { errorOf } from '../testing/fault-workspace'
import { makeSmallWorkspace, type SmallWorkspace } from '../testing/small-workspace'
import { workspaceHandlers } from './handlers/workspace'

let small: SmallWorkspace
beforeAll(async () => {
  small = await makeSmallWorkspace()
})
afterAll(() => small.remove())

const contextOf = (workbench: Application): CallContext<Application> => ({ workbench, signal: new AbortController().signal }) as never

async function resultOf<T>(work: AsyncGenerator<unknown, T>): Promise<T> {
  for (let item = await work.next(); ; item = await work.next()) if (item.done) return item.value
}

it('a workspace that does not open is offered with its damage, mended where it lies, and opened', async () => {
  const app = small.application()
  const context = contextOf(app)
  const directory = small.copy()
  truncateSync(join(directory, 'drydock.json'))
  expect(await errorOf(() => workspaceHandlers.openMended({}, context))).toMatchObject({ code: 'CONFLICT' })
  expect(await errorOf(() => workspaceHandlers.open({ directory }, context))).toMatchObject({
    code: 'STORAGE_CORRUPT',
    details: { offersRecovery: true }
  })
  expect(workspaceHandlers.status({}, context)).toMatchObject({
    workspace: null,
    damaged: { directory, message: expect.stringMatching(/JSON/) }
  })
  expect(await resultOf(workspaceHandlers.examineDamaged({}, context) as never)).toMatchObject({
    sound: false,
    findings: [{ subject: 'drydock.json' }]
  })
  expect(await resultOf(workspaceHandlers.repairDamaged({}, context) as never)).toMatchObject({ opens: true, lost: [] })
  expect(await workspaceHandlers.openMended({}, context)).toMatchObject({ name: 'Small', directory })
  expect(workspaceHandlers.status({}, context)).toEqual({ workspace: expect.objectContaining({ directory }) })
  await app.close()
})

it('what is salvaged is opened in its own folder, and leaving changes nothing', async () => {
  const app = small.application()
  const context = contextOf(app)
  const directory = small.copy()
  truncateSync(join(directory, 'ledger.sqlite'), 40_000)
  await errorOf(() => workspaceHandlers.open({ directory }, context))
  const made = await resultOf(workspaceHandlers.salvageDamaged({ directory: small.root, folder: 'salvaged here' }, context) as never)
  expect(made).toMatchObject({ opens: true, directory: join(small.root, 'salvaged here') })
  expect(await workspaceHandlers.openMended({}, context)).toMatchObject({ directory: join(small.root, 'salvaged here') })
  await app.closeWorkspace()
  for (const name of ['ledger.sqlite', 'snapshots']) rmSync(join(directory, name), { recursive: true })
  await errorOf(() => workspaceHandlers.open({ directory }, context))
  expect(await resultOf(workspaceHandlers.repairDamaged({}, context) as never)).toMatchObject({ opens: false })
  workspaceHandlers.leaveDamaged({}, context)
  expect(workspaceHandlers.status({}, context)).toEqual({ workspace: null })
  await app.close()
})
