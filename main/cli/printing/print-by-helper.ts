import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import type { Print, PrintedPage, PrintPage } from '../../model/printed-page'
import { runHelper } from './run-helper'
import { waysToStart } from './ways-to-start'
import { findWindowRuntime, type WindowRuntime } from './window-runtime'

/** What the helper leaves; see `main/app/printing/print-job.ts`. */
const Result = z.union([z.object({ foreignScripts: z.array(z.string()) }), z.object({ problem: z.string() })])

/**
 * Prints by the program for windows, started for this one page and without one that anybody sees.
 * @throws WorkbenchError CONFLICT without such a program or without a way to start it, JOB_FAILED, CANCELLED
 */
export const printByHelper: PrintPage = async (page, signal) => {
  const runtime = findWindowRuntime()
  if (!runtime)
    throw new WorkbenchError(
      'CONFLICT',
      'There is no window runtime here, and a PDF is made by one. Nothing was written. Install the whole program (in a checkout: npm run setup && npm run build), or save the page with --html and print it in a browser.'
    )
  const folder = await mkdtemp(join(tmpdir(), 'drydock-print-'))
  try {
    return await printIn(folder, runtime, page, signal)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function printIn(folder: string, runtime: WindowRuntime, page: PrintedPage, signal?: AbortSignal): Promise<Print> {
  const [job, pdf, result] = ['job.json', 'document.pdf', 'result.json'].map((name) => join(folder, name))
  await writeFile(job, JSON.stringify({ page, pdf, result }), { mode: 0o600 })
  const ways = waysToStart(runtime, [`--print-document=${job}`, `--user-data-dir=${join(folder, 'user')}`])
  for (const way of ways) {
    const isDone = await runHelper(way, signal)
    if (signal?.aborted) throw new WorkbenchError('CANCELLED', 'Printing was cancelled. Nothing was written.')
    const said = await readResult(result)
    if (said && 'problem' in said)
      throw new WorkbenchError(
        'JOB_FAILED',
        `The PDF was not made: ${said.problem} Nothing was written. Save the page with --html instead.`
      )
    if (isDone && said) return { pdf: await readFile(pdf), foreignScripts: said.foreignScripts }
  }
  throw new WorkbenchError(
    'CONFLICT',
    'No window can be opened here, not even one that nobody sees, and a PDF is made in one. Nothing was written. Set DISPLAY to a display, or install xvfb (it brings xvfb-run), or save the page with --html and print it in a browser.',
    { details: { tried: ways.map(({ command }) => command) } }
  )
}

async function readResult(path: string): Promise<z.infer<typeof Result> | undefined> {
  try {
    return Result.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}
