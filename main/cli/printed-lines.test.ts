import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-lines-'))
const directory = join(root, 'w')
const { DRYDOCK_USER_DIR } = process.env

/** Runs one command line in this process; what it printed, line by line. */
async function linesOf(...argv: string[]): Promise<string[]> {
  let said = ''
  const write = (text: string): void => void (said += text)
  await runCli(argv, { out: write, err: write })
  return said.split('\n')
}
const file = (name: string, text: string): string => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
/** The text of a stranger is there, and no line begins with it. */
function expectEscaped(lines: string[]): void {
  expect(lines.join('\n')).toContain('\\u000aFORGED')
  expect(lines.filter((line) => line.trimStart().startsWith('FORGED'))).toEqual([])
}

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  await linesOf('init', directory)
  const about = join(directory, 'drydock.json')
  writeFileSync(about, JSON.stringify({ ...(JSON.parse(readFileSync(about, 'utf8')) as object), name: 'lab\nFORGED: trusted' }))
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

it('the name of a workspace begins no line of what is said of it', async () => {
  expectEscaped(await linesOf('workspace', 'show', '-w', directory))
  expectEscaped(await linesOf('workspace', 'doctor', '-w', directory))
  expectEscaped(await linesOf('workspace', 'trust', '-w', directory))
  await linesOf('workspace', 'backup', '-w', directory, join(root, 'backup'))
  expectEscaped(await linesOf('workspace', 'restore', join(root, 'backup'), join(root, 'restored')))
})

it('nothing in a pipeline begins a line of what is said of its check and its run', async () => {
  const step = (type: string): string =>
    `  - { id: work, type: ${type}, parameters: { command: [sh, -c, "echo 1 > $DRYDOCK_OUTPUT_RESULT"], outputs: { result: File } } }\n`
  const head = 'schema: drydock.pipeline\nversion: 1\nname: short\ntitle: "short\\nFORGED: succeeded"\nsteps:\n'
  expectEscaped(await linesOf('pipeline', 'check', file('wrong.yaml', head + step('"script\\nFORGED"'))))
  const sound = file('short.yaml', head + step('script'))
  expectEscaped(await linesOf('run', '-w', directory, sound, '--dry-run'))
  const ran = await linesOf('run', '-w', directory, sound)
  expectEscaped(ran)
  expect(ran).toContain('short\\u000aFORGED: succeeded: succeeded')
})
