import { app } from 'electron'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { PrintedPage } from '../../model/printed-page'
import { printPage, type PrintNeeds } from './print-page'

/** What the command line asks of this program as its helper; the PDF is written beside, so that it is there whole or not at all. */
const PrintJob = z.strictObject({ page: PrintedPage, pdf: z.string().min(1), result: z.string().min(1) })

const option = '--print-document='

/** The file of the job that this program was started for, if it was started for one. */
export const printJobFile = (argv: readonly string[]): string | undefined =>
  argv.find((each) => each.startsWith(option))?.slice(option.length) || undefined

/** Does the one job and ends the program: with 0 when the PDF is there, else with 1 and the reason in the result. */
export async function runPrintJob(file: string, needs: PrintNeeds): Promise<void> {
  const job = PrintJob.parse(JSON.parse(await readFile(file, 'utf8')))
  try {
    const { pdf, foreignScripts } = await printPage(job.page, needs)
    await writeFile(`${job.pdf}.part`, pdf)
    await rename(`${job.pdf}.part`, job.pdf)
    await writeFile(job.result, JSON.stringify({ foreignScripts }))
    app.exit(0)
  } catch (error) {
    await writeFile(job.result, JSON.stringify({ problem: error instanceof Error ? error.message : String(error) }))
    app.exit(1)
  }
}
