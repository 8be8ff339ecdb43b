import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { machineSettingsFile } from './settings-place'
import { readMachineSettings } from './read-settings'

const root = mkdtempSync(join(tmpdir(), 'drydock-machine-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let made = 0
const head = 'schema: drydock.machine/1\nversion: 1\nname: Lab\n'
function fileOf(text: string): string {
  const file = join(root, `${++made}.yaml`)
  writeFileSync(file, text)
  return file
}
const refusal = (text: string) => {
  try {
    readMachineSettings(fileOf(text))
  } catch (error) {
    return error as Error & { code: string; details?: { problems: object[] } }
  }
  return undefined
}

describe('machine settings', () => {
  it('settle nothing where there is no file', () => {
    expect(readMachineSettings(join(root, 'none', 'drydock.yaml'))).toMatchObject({
      name: null,
      allowedFolders: null,
      trustFiles: [],
      tracking: 'allowed',
      scriptSteps: 'allowed',
      classification: null,
      updates: 'user',
      logs: { folder: null, keepMiB: 10 }
    })
  })
  it('are read whole, with ~ as the home that the system knows', () => {
    const { HOME } = process.env
    process.env.HOME = '/elsewhere'
    try {
      const file = fileOf(
        `${head}allowedFolders: [/srv/lab, ~/Documents]\ntrustFiles: [/etc/drydock/trust.yaml]\ntracking: off\nscriptSteps: off\n` +
          'classification: {text: Confidential, tone: blue}\nupdates: administrator # the launcher reads this line\nlogs: {folder: /var/log/drydock, keepMiB: 50}\n'
      )
      expect(readMachineSettings(file)).toEqual({
        file,
        name: 'Lab',
        allowedFolders: ['/srv/lab', join(userInfo().homedir, 'Documents')],
        trustFiles: ['/etc/drydock/trust.yaml'],
        tracking: 'off',
        scriptSteps: 'off',
        classification: { text: 'Confidential', tone: 'blue' },
        updates: 'administrator',
        logs: { folder: '/var/log/drydock', keepMiB: 50 }
      })
    } finally {
      process.env.HOME = HOME
    }
  })
  it.each([
    ['a key that is not known', `${head}scriptStep: off\n`, /line 4, column 1/],
    ['a value that is not known', `${head}scriptSteps: maybe\n`, /line 4/],
    ['a switch that is not off', `${head}tracking: on\n`, /line 4/],
    ['a relative folder', `${head}allowedFolders: [data]\n`, /no absolute path.*line 4/],
    ['an empty list, which would allow nothing', `${head}allowedFolders: []\n`, /at least one folder/],
    ['no YAML', `${head}a: [\n`, /line \d/],
    ['a key twice', `${head}updates: off\nupdates: user\n`, /stands twice/],
    ['an empty file', '', /cannot be used/],
    [
      'parts that are repeated without end',
      [...'bcdefgh'].reduce((text, name, at) => `${text}${name}: &${name} [${`*${'abcdefg'[at]}, `.repeat(9)}1]\n`, `${head}a: &a [1]\n`),
      /cannot be used/
    ],
    ['words for updates that the start script would not see', `${head}updates: "administrator"\n`, /line of its own/],
    ['a banner that deceives', `${head}classification: {text: "a\\u202Eb"}\n`, /direction/]
  ])('stop the program for %s, with the place and the next step', (_what, text, words) => {
    const error = refusal(text)
    expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(words) })
    expect(error?.message).toContain('Ask the administrator')
  })
  it('say that a newer document needs a newer program', () => {
    expect(refusal('schema: drydock.machine/2\nversion: 2\nname: x\nnewer: 1\n')).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
  })
  it.skipIf(process.platform === 'win32')('are refused where everybody may change them', () => {
    const file = fileOf(head)
    chmodSync(file, 0o666)
    expect(() => readMachineSettings(file)).toThrow(/changed by everybody/)
  })
  it.skipIf(process.platform === 'win32')('are not absent where a link in their place leads nowhere', () => {
    const link = join(root, 'link.yaml')
    symlinkSync(join(root, 'not-mounted', 'drydock.yaml'), link)
    expect(() => readMachineSettings(link)).toThrow(/cannot be read.*Ask the administrator/)
  })
  it('are at the place of each system', () => {
    expect(machineSettingsFile({}, 'linux')).toBe('/etc/drydock/drydock.yaml')
    expect(machineSettingsFile({}, 'darwin')).toBe('/Library/Application Support/Drydock/drydock.yaml')
    const onWindows = (isThere: boolean): string => machineSettingsFile({ ProgramData: 'D:\\Data' }, 'win32', () => isThere)
    expect(onWindows(false)).toBe('D:\\Data\\Drydock\\drydock.yaml')
    expect(onWindows(true), 'whatever a user sets').toBe('C:\\ProgramData\\Drydock\\drydock.yaml')
    expect(machineSettingsFile({}, 'win32')).toBe('C:\\ProgramData\\Drydock\\drydock.yaml')
    expect(machineSettingsFile({ DRYDOCK_MACHINE_SETTINGS: '/t/m.yaml' }, 'linux')).toBe('/t/m.yaml')
  })
})
