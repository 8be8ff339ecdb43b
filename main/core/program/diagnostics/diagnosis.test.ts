import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHostLog } from '../../../host/host-log'
import { WorkbenchError } from '../../../model/errors'
import { commands } from '../../all-commands'
import { createApplication, type Application } from '../../application'
import { openBundle } from '../../bundle-format'
import { logPlace } from '../log-place'
import { collectDiagnosis } from './collect-diagnosis'
import { saveDiagnosis } from './save-diagnosis'
import { scrubLine } from './scrub-log'

const root = mkdtempSync(join(tmpdir(), 'drydock-diagnosis-'))
const before = { ...process.env }
/** Each stands for one kind of what must not leave; all of one odd word, so that a piece of one is found as well. */
const planted = [
  'zqxcell',
  'zqxcolumn',
  'zqxdataset',
  'zqxworkspace',
  'zqxfolder',
  'zqxperson',
  'zqxmail',
  'zqxmodel',
  'zqxpassphrase',
  'zqxlogged',
  'zqxstray',
  'zqxbanner',
  'zqxsetting',
  'zqxenvironment'
]
let app: Application

beforeAll(async () => {
  const userDirectory = join(root, 'zqxfolder-user')
  process.env.DRYDOCK_PASSPHRASE = 'zqxpassphrase one'
  process.env.DRYDOCK_USER_DIR = userDirectory
  process.env.NODE_EXTRA_CA_CERTS_ZQX = 'zqxenvironment'
  process.env.DRYDOCK_MACHINE_SETTINGS = join(root, 'zqxsetting.yaml')
  writeFileSync(
    process.env.DRYDOCK_MACHINE_SETTINGS,
    `schema: drydock.machine/1\nversion: 1\nname: zqxsetting lab\nallowedFolders: ["${root}"]\nclassification: {text: zqxbanner, tone: red}\n`
  )
  app = createApplication({ userDirectory })
  const directory = join(root, 'zqxfolder', 'w')
  await app.createWorkspace(directory, 'zqxworkspace')
  const table = join(root, 'zqxdataset.csv')
  writeFileSync(table, 'zqxcolumn,b\nzqxcell,1\nzqxcell,2\n')
  await app.do(commands.datasets.import, { path: table, options: { name: 'zqxdataset' } })
  const { id } = app.do(commands.people.create, { name: 'zqxperson', email: 'zqxmail@example.org', roles: ['author'] })
  await app.do(commands.people.createKey, { id, passphrase: 'zqxpassphrase two' })
  // Damage, so that findings have a subject; and a file of somebody else.
  writeFileSync(join(directory, 'objects', 'zqxstray'), 'zqxmodel')
  writeFileSync(join(directory, 'zqxstray.txt'), 'zqxmodel')
  const log = createHostLog(logPlace(userDirectory))
  log('info', 'workspace opened', { directory })
  log('error', 'Job "zqxlogged" failed', {
    error: `WorkbenchError: "zqxlogged" INVALID_INPUT\n    at zqxlogged (${directory}/zqxlogged.js:1:2)\ncaused by Error: ENOSPC zqxlogged`
  })
  log('warn', 'zqxlogged in words of its own', { zqxlogged: 'zqxlogged', pid: 'zqxlogged', node: 'zqxlogged' })
  writeFileSync(join(userDirectory, 'logs', 'host.log'), 'zqxlogged {"message":"zqxlogged"}\n', { flag: 'a' })
})
afterAll(async () => {
  await app.close()
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
  rmSync(root, { recursive: true, force: true })
})

/** Every word of private keys, certificates and fingerprints that lies in the user's folder. */
const keyMaterial = (): string[] => {
  const [person] = app.people.list()
  return person.keys.flatMap(({ fingerprint, privateKeyPath, publicPem }) => [
    fingerprint,
    ...`${readFileSync(privateKeyPath!, 'utf8')}\n${publicPem}`.split('\n').filter((line) => line.length > 20 && !line.startsWith('---'))
  ])
}

describe('a diagnosis', () => {
  it('tells program, machine and workspaces by kind, number and code', async () => {
    const { files } = await collectDiagnosis({ userDirectory: app.userDirectory, recent: app.recent() })
    const text = (name: string): string => files.find((file) => file.name === name)!.text
    expect(files.map(({ name }) => name)).toEqual(['README.txt', 'program.json', 'workspaces.json', 'log.jsonl'])
    expect(JSON.parse(text('program.json'))).toMatchObject({
      runtime: { node: process.versions.node },
      machineSettings: { isThere: true, allowedFolders: 1, classification: true },
      variablesSet: expect.arrayContaining(['DRYDOCK_USER_DIR'])
    })
    expect(JSON.parse(text('workspaces.json'))).toMatchObject([
      {
        number: 1,
        isThere: true,
        isSound: true,
        ledgerFormat: expect.any(Number),
        findings: [{ area: 'files', severity: 'note', count: 2 }]
      }
    ])
    expect(
      text('log.jsonl')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object)
    ).toMatchObject([
      { level: 'info', message: 'workspace opened' },
      { level: 'error', message: 'Job "{}" failed', errors: ['WorkbenchError', 'Error'], codes: ['INVALID_INPUT', 'ENOSPC'] },
      { level: 'warn', message: '(words that are left out)' },
      { message: '(words that are left out)' }
    ])
  })

  it('holds nothing of what was planted, in what is shown and in what is written', async () => {
    const diagnosis = await collectDiagnosis({ userDirectory: app.userDirectory, recent: app.recent() })
    const path = join(root, 'out', 'diagnosis.zip')
    mkdirSync(join(root, 'out'))
    await saveDiagnosis(diagnosis, path)
    const bytes = readFileSync(path).toString('latin1')
    const secrets = [...planted, 'zqx', ...keyMaterial(), root, hostname(), `${userInfo().username}@`]
    expect(secrets.length).toBeGreaterThan(20)
    for (const secret of secrets) expect([secret, bytes.includes(secret)]).toEqual([secret, false])
    const zip = await openBundle(path)
    for (const { name, text } of diagnosis.files) {
      const chunks = []
      for await (const chunk of zip.chunks(name)) chunks.push(Buffer.from(chunk))
      expect(Buffer.concat(chunks).toString('utf8')).toBe(text)
    }
    await zip.close()
    // The search itself finds what is there.
    expect(bytes).toContain('Job \\"{}\\" failed')
    await expect(saveDiagnosis(diagnosis, path)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(saveDiagnosis(diagnosis, join(tmpdir(), 'elsewhere.zip'))).rejects.toBeInstanceOf(WorkbenchError)
  })

  it('takes places of errors from the files of the program alone', () => {
    const error = 'Error: x\n    at run (/opt/drydock/out/main/host.js:10:2)\n    at a (/home/zqx/secret.js:1:1)'
    expect(scrubLine(JSON.stringify({ message: 'unexpected error', error }), new Set(['host.js']))).toEqual({
      message: 'unexpected error',
      errors: ['Error'],
      at: ['host.js:10:2']
    })
  })
})
