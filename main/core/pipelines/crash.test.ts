import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorkspaceLedger } from '../ledger'
import { sha256 } from '../../storage/objects/durable-files'
import { CRASH_SCRIPTS, expectedLines } from './fixtures/crash-pipeline'
import { openPipelineWorkspace, temporaryFolder } from './fixtures/pipeline-workspace'
import { findByToken, killTree, TOKEN_VARIABLE } from '../confined-programs'
import { rounds } from '../../testing/deep'
import { programFile } from '../../testing/programs'

const KILLS = rounds(6, 40)
/** Repeatable, so that a failure can be looked at again (numerical recipes' linear congruence). */
const createRandom = (seed: number) => () => (seed = (seed * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32

interface Outcome {
  signal: NodeJS.Signals | null
  code: number | null
  output: string
}

/** Runs the program; `killAfter` milliseconds after it has recovered, kills it (and only it) with SIGKILL. */
function start(directory: string, dataset: string, killAfter: number | null): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [programFile('crash-app'), directory, dataset], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const read = (chunk: Buffer): void => {
      const isReady = !output.includes('recovered') && chunk.toString().includes('recovered')
      output += chunk.toString()
      if (isReady && killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code, signal) => resolve({ code, signal, output }))
  })
}

const tokensOf = (directory: string): Set<string> => {
  const ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  try {
    return new Set(ledger.all<{ token: string }>('SELECT token FROM attempt').map((row) => row.token))
  } finally {
    ledger.close()
  }
}

/**
 * Leaves a process behind as a hostile step would: it carries the token of an unfinished attempt, has left the group and
 * does not notice that its parent is gone. Undefined when no attempt was under way.
 */
function plantOrphan(directory: string): { isGone: () => boolean } | undefined {
  const ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  const open = ledger.get<{ token: string }>("SELECT token FROM attempt WHERE outcome = 'started' LIMIT 1")
  ledger.close()
  if (!open) return undefined
  const orphan = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { ...process.env, [TOKEN_VARIABLE]: open.token } })
  return { isGone: () => orphan.exitCode !== null || orphan.signalCode !== null }
}

interface Finished {
  step_id: string
  source_attempt: number
  sha256: string
}
const finishedSteps = (directory: string): Finished[] => {
  const ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  try {
    return ledger.all<Finished>(
      "SELECT s.step_id, s.source_attempt, p.sha256 FROM step_run s JOIN produced p ON p.run_id = s.source_run AND p.step_id = s.source_step AND p.attempt = s.source_attempt WHERE s.state = 'succeeded' ORDER BY s.position"
    )
  } finally {
    ledger.close()
  }
}

/** Empties the journal, so that the next start runs everything anew; the stores keep their files. */
function forget(directory: string): void {
  const ledger = openWorkspaceLedger(join(directory, 'ledger.sqlite'))
  ledger.transaction(() => {
    for (const table of ['used', 'produced', 'step_metric', 'step_cache', 'attempt', 'step_run', 'pipeline_run', 'job'])
      ledger.run(`DELETE FROM ${table}`)
  })
  ledger.close()
}

describe.skipIf(!existsSync('/proc/self/environ'))('kill -9 in the middle of a run', () => {
  it('loses no finished step, keeps no torn output, leaves no process and no temporary file', { timeout: 3_600_000 }, async () => {
    const folder = temporaryFolder()
    const setup = await openPipelineWorkspace(folder.path)
    const dataset = await setup.addDataset('numbers', 'SELECT range AS id FROM range(500)')
    await setup.close()
    const random = createRandom(20)
    // Kills have to fall into all parts of a run, also on a slow or busy machine: the first run says how long one takes.
    const begin = performance.now()
    const whole = await start(folder.path, dataset, null)
    const longest = Math.min(3000, performance.now() - begin)
    expect(whole.output).toContain('"state":"succeeded"')
    forget(folder.path)
    let kills = 0
    let before: Finished[] = []
    let orphansKilled = 0
    let planted = 0
    let orphan: ReturnType<typeof plantOrphan>
    /** Starts the program on what the round before left, and counts what its sweep killed: the last start sweeps as the others do. */
    const startAgain = async (killAfter: number | null): Promise<Outcome> => {
      const result = await start(folder.path, dataset, killAfter)
      expect(result.output).not.toContain('Error')
      const swept = /"orphansKilled":(\d+)/.exec(result.output)
      expect(swept, result.output).not.toBeNull()
      orphansKilled += Number(swept![1])
      if (orphan) await expect.poll(orphan.isGone, { timeout: 60_000 }).toBe(true)
      orphan = undefined
      return result
    }
    try {
      for (let round = 0; kills < KILLS; round++) {
        expect(round).toBeLessThan(200)
        // When the run is through before enough kills, the next rounds make it anew from nothing but the finished journal.
        const result = await startAgain(random() * longest)
        const after = finishedSteps(folder.path)
        for (const step of before) expect(after).toContainEqual(step)
        before = after
        if (result.signal === 'SIGKILL') {
          kills++
          orphan = plantOrphan(folder.path)
          if (orphan) planted++
        } else {
          expect(result.output).toContain('"state":"succeeded"')
          before = []
          forget(folder.path)
        }
      }
      const last = await startAgain(null)
      expect(last.output).toContain('"state":"succeeded"')

      const tokens = tokensOf(folder.path)
      expect(tokens.size).toBeGreaterThan(CRASH_SCRIPTS)
      expect(await findByToken(tokens)).toEqual([])
      expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
      const outputs = finishedSteps(folder.path)
      expect(outputs.map((step) => step.step_id)).toEqual([
        'numbers',
        'first',
        ...Array.from({ length: CRASH_SCRIPTS }, (_, i) => `script${i}`),
        'last'
      ])
      for (let index = 0; index < CRASH_SCRIPTS; index++) {
        const { sha256: digest } = outputs.find((step) => step.step_id === `script${index}`)!
        const bytes = readFileSync(join(folder.path, 'objects', digest.slice(0, 2), digest.slice(2)), 'utf8')
        expect(bytes).toBe(expectedLines(index))
      }
      // Every file of both stores, also those that no journal names, is whole: its name is its digest.
      for (const name of readdirSync(join(folder.path, 'data')))
        expect(`${sha256(readFileSync(join(folder.path, 'data', name)))}.arrow`).toBe(name)
      for (const part of readdirSync(join(folder.path, 'objects')))
        for (const rest of part.startsWith('.') ? [] : readdirSync(join(folder.path, 'objects', part)))
          expect(sha256(readFileSync(join(folder.path, 'objects', part, rest)))).toBe(part + rest)
      // The negative side: without the sweep these would have been left behind.
      expect(planted).toBeGreaterThan(0)
      expect(orphansKilled).toBeGreaterThanOrEqual(planted)
    } finally {
      await killTree(tokensOf(folder.path))
      folder.remove()
    }
  })
})
