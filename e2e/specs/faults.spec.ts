import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import Database from 'libsql'
import { collectProblems, expect, launchApp, test } from '../fixtures/app'
import { openPipelineEditor } from '../pages/pipeline-editor'
import { answerPrograms, goTo } from '../pages/workbench'

test.skip(process.platform !== 'linux', 'processes are looked for in /proc')

const SCRIPTS = 8
/** Steps that the first script waits for. */
const BEFORE_SCRIPTS = 2

/** Says how many scripts may end; the next one stands still in the middle of its output, so that a kill always meets a run at work. */
const gateOf = (workspace: string): string => join(workspace, 'scripts-that-may-end')
const letEnd = (workspace: string, scripts: number): void => writeFileSync(gateOf(workspace), String(scripts))

/** Every script leaves a process in a session of its own, which only the sweep by token finds. */
function slowPipeline(workspace: string): string {
  const code = (index: number): string => `const fs = require('fs')
require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 120000)'], { detached: true, stdio: 'ignore' }).unref()
let line = 0
const timer = setInterval(() => {
  if (line === 5 && Number(fs.readFileSync(${JSON.stringify(gateOf(workspace))}, 'utf8')) <= ${index}) return
  fs.appendFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'line ' + line + ' of script ${index}\\n')
  if (++line === 10) clearInterval(timer)
}, 100)`
  const scripts = Array.from(
    { length: SCRIPTS },
    (_, index) => `  - id: script${index}
    type: script
    inputs: ${index === 0 ? '{ before: first.table }' : `{ before: script${index - 1}.result }`}
    parameters:
      command: [${JSON.stringify(process.execPath)}, main.js]
      outputs: { result: File }
      files:
        main.js: ${JSON.stringify(code(index))}
`
  )
  return `schema: drydock.pipeline
version: 1
name: slow
title: Slow steps
steps:
  - id: numbers
    type: source
    parameters: { dataset: numbers }
  - id: first
    type: sql
    inputs: { t: numbers.table }
    parameters: { query: SELECT id * 3 AS tripled FROM t ORDER BY id }
${scripts.join('')}`
}

interface StepRow {
  step: string
  state: string
  attempt: number | null
  finished: string | null
}
/** Reads the ledger beside the running app, as any SQLite reader may. */
function read<T>(workspace: string, sql: string): T[] {
  const db = new Database(join(workspace, 'ledger.sqlite'))
  try {
    db.exec('PRAGMA busy_timeout=5000')
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}
const stepsOf = (workspace: string): StepRow[] =>
  read(workspace, 'SELECT step_id AS step, state, source_attempt AS attempt, finished_at AS finished FROM step_run ORDER BY position')
const finishedOf = (workspace: string): StepRow[] => stepsOf(workspace).filter((step) => step.state === 'succeeded')

/** Processes that carry the token of an attempt of this workspace. */
function workersOf(workspace: string): number[] {
  const tokens = new Set(read<{ token: string }>(workspace, 'SELECT token FROM attempt').map((row) => row.token))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const entry = readFileSync(`/proc/${pid}/environ`, 'latin1')
          .split('\0')
          .find((item) => item.startsWith('DRYDOCK_ATTEMPT='))
        return entry !== undefined && tokens.has(entry.slice('DRYDOCK_ATTEMPT='.length).split('.')[0])
      } catch {
        return false
      }
    })
    .map(Number)
}

const hostPid = (app: ElectronApplication): Promise<number | undefined> =>
  app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find((each) => each.name === 'Drydock host' || each.serviceName === 'Drydock host')?.pid
  )

/** Makes a workspace with the command line, as the person of the window, who trusts it therefore: the window only has to open it. */
function makeWorkspace(directory: string): string {
  const workspace = join(directory, 'workspace')
  const csv = join(directory, 'numbers.csv')
  writeFileSync(csv, `id\n${Array.from({ length: 500 }, (_, id) => id).join('\n')}\n`)
  const drydock = (...args: string[]): void =>
    void execFileSync(process.execPath, [join('out', 'main', 'cli.js'), ...args], {
      env: { ...process.env, DRYDOCK_USER_DIR: join(directory, 'user-data') }
    })
  drydock('init', workspace, '--name', 'Faults')
  drydock('import', '-w', workspace, csv, '--name', 'numbers')
  letEnd(workspace, 0)
  return workspace
}

async function startRun(app: ElectronApplication, page: Page, workspace: string): Promise<void> {
  await goTo(page, 'Pipelines')
  await page.getByRole('button', { name: 'New pipeline' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New pipeline' })
  await dialog.getByLabel('Title').fill('Slow')
  await dialog.getByRole('button', { name: 'Create the pipeline' }).click()
  await openPipelineEditor(app, page).write(slowPipeline(workspace))
  await answerPrograms(app, 'Run')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Cancel the run' })).toBeVisible()
}

/** Lets so many steps end, and waits until they have and processes of another one are at work. */
async function inMidRun(workspace: string, steps: number): Promise<StepRow[]> {
  letEnd(workspace, steps - BEFORE_SCRIPTS)
  await expect
    .poll(
      () => {
        const now = stepsOf(workspace)
        return now.filter((step) => step.state === 'succeeded').length >= steps && workersOf(workspace).length > 0
      },
      { intervals: [50] }
    )
    .toBe(true)
  return finishedOf(workspace)
}

async function expectWholeRun(workspace: string, kills: number, before: StepRow[]): Promise<void> {
  letEnd(workspace, SCRIPTS)
  await expect
    .poll(() => read<{ state: string }>(workspace, 'SELECT state FROM pipeline_run').map((run) => run.state), { timeout: 180_000 })
    .toEqual(['succeeded'])
  const after = stepsOf(workspace)
  // A finished step keeps its one attempt and its time: it was neither lost nor done again.
  for (const step of before) expect(after).toContainEqual(step)
  const attempts = read<{ step: string; outcome: string; n: number }>(
    workspace,
    'SELECT step_id AS step, outcome, count(*) AS n FROM attempt GROUP BY 1, 2'
  )
  expect(attempts.filter((attempt) => attempt.outcome === 'succeeded').map((attempt) => attempt.n)).toEqual(after.map(() => 1))
  const interrupted = attempts.filter((attempt) => attempt.outcome === 'interrupted').reduce((sum, attempt) => sum + attempt.n, 0)
  expect(interrupted).toBeGreaterThan(0)
  expect(interrupted).toBeLessThanOrEqual(kills * 2)
  for (const { sha256, step } of read<{ sha256: string; step: string }>(
    workspace,
    "SELECT sha256, step_id AS step FROM produced WHERE type = 'File' AND part = ''"
  )) {
    const lines = readFileSync(join(workspace, 'objects', sha256.slice(0, 2), sha256.slice(2)), 'utf8')
    expect(lines).toBe(Array.from({ length: 10 }, (_, line) => `line ${line} of ${step.replace('script', 'script ')}\n`).join(''))
  }
  expect(workersOf(workspace)).toEqual([])
  expect(readdirSync(join(workspace, 'tmp'))).toEqual([])
  expect(existsSync(join(workspace, 'ledger.sqlite'))).toBe(true)
}

test('kill -9 of the host in mid-run: the window says so, the run goes on, no finished step is lost, nothing is left behind', async ({
  directory
}) => {
  test.setTimeout(600_000)
  const workspace = makeWorkspace(directory)
  const app = await launchApp(directory, { args: [`--workspace=${workspace}`] })
  const problems: string[] = []
  try {
    const page = await app.firstWindow()
    collectProblems(page, problems)
    await startRun(app, page, workspace)
    let before: StepRow[] = []
    for (const [kill, steps] of [2, 4, 5].entries()) {
      const finished = await inMidRun(workspace, steps)
      for (const step of before) expect(finished).toContainEqual(step)
      before = finished
      const host = (await hostPid(app))!
      process.kill(host, 'SIGKILL')
      await expect.poll(() => hostPid(app)).not.toBe(host)
      await expect(page.getByText('The workbench process was restarted'), `after kill ${kill + 1}`).toBeVisible()
    }
    await expectWholeRun(workspace, 3, before)
    // The window is alive and shows the run as it ended.
    await goTo(page, 'Jobs')
    await expect(page.getByRole('grid', { name: 'Jobs' }).getByRole('row', { name: /Pipeline run/ })).toContainText('Succeeded')
    expect(problems.filter((problem) => problem.startsWith('exception') || problem.includes('crashed'))).toEqual([])
  } finally {
    await app.close()
  }
})

test('kill -9 of the whole app in mid-run: the next start goes on, no finished step is lost, nothing is left behind', async ({
  directory
}) => {
  test.setTimeout(600_000)
  const workspace = makeWorkspace(directory)
  let app = await launchApp(directory, { args: [`--workspace=${workspace}`] })
  try {
    await startRun(app, await app.firstWindow(), workspace)
    let before: StepRow[] = []
    for (const steps of [2, 5]) {
      const finished = await inMidRun(workspace, steps)
      for (const step of before) expect(finished).toContainEqual(step)
      before = finished
      const gone = new Promise((resolve) => app.process().once('exit', resolve))
      app.process().kill('SIGKILL')
      await gone
      app = await launchApp(directory, { args: [`--workspace=${workspace}`] })
      const page = await app.firstWindow()
      await expect(page.locator('#root')).not.toBeEmpty()
    }
    await expectWholeRun(workspace, 2, before)
  } finally {
    await app.close()
  }
})
