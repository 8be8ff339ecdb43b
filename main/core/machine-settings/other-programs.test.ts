import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { stampBy } from '../bundles/stamp-command'

const root = mkdtempSync(join(tmpdir(), 'drydock-scripts-'))
const settings = join(root, 'drydock.yaml')
const { DRYDOCK_MACHINE_SETTINGS } = process.env
const mark = join(root, 'started')
const yaml = `schema: drydock.pipeline
version: 1
name: marks
steps:
  - id: mark
    type: script
    parameters: { command: [touch, ${mark}], outputs: { note: File } }
`
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Lab')
  await app.do(commands.pipelines.save, { yaml })
  writeFileSync(settings, 'schema: drydock.machine/1\nversion: 1\nname: Lab\nscriptSteps: off\n')
  process.env.DRYDOCK_MACHINE_SETTINGS = settings
})
afterAll(async () => {
  await app.close()
  if (DRYDOCK_MACHINE_SETTINGS === undefined) delete process.env.DRYDOCK_MACHINE_SETTINGS
  else process.env.DRYDOCK_MACHINE_SETTINGS = DRYDOCK_MACHINE_SETTINGS
  rmSync(root, { recursive: true, force: true })
})

describe('with scriptSteps: off', () => {
  it('a check says so at the step, and the pipeline can still be read', async () => {
    const { problems, document } = await app.pipelines.validate(yaml)
    expect(document?.name).toBe('marks')
    expect(problems).toMatchObject([{ code: 'SCRIPTS_OFF', severity: 'error', stepId: 'mark', line: 6 }])
  })
  it('a run is refused before it begins', async () => {
    await expect(app.do(commands.pipelines.run, { name: 'marks' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining(settings)
    })
    expect(app.pipelines.runs({}).total).toBe(0)
    expect(existsSync(mark)).toBe(false)
  })
  it('the command of a time-stamping authority is not started', async () => {
    await expect(stampBy(`touch ${mark}`)(Buffer.from('x'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
