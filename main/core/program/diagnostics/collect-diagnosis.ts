import { readdirSync, readFileSync } from 'node:fs'
import type { Diagnosis, DiagnosisFile } from '../../../model/program'
import type { RecentWorkspace } from '../../../model/workspace'
import { sha256 } from '../../../storage/objects/durable-files'
import { describeProgram } from '../describe-program'
import { logParts, logPlace } from '../log-place'
import { machineFacts } from './machine-facts'
import { scrubLog } from './scrub-log'
import { shapeOf } from './workspace-shape'

const about = `Diagnosis of Drydock

Made for whoever helps with a problem. Everything in it is on a list of what may be told; what is on no list was left out.

program.json      version, runtime and system; which machine settings are set, and how many; kind and room of the disks
workspaces.json   the recent workspaces by number: files, bytes, format of the ledger, what "workspace doctor" found, by kind and number
log.jsonl         the last lines of the log: time, level and the program's own words, names and codes of errors, places in the program

Not in it: values of cells, names of columns, metrics, datasets, models, people, workspaces or folders, keys, passphrases, or values of
variables of the environment.
`

export interface DiagnosisNeeds {
  userDirectory: string
  recent: readonly RecentWorkspace[]
  signal?: AbortSignal
}

/** Gathers what support asks for; nothing of it is written anywhere. Reads workspaces as `workspace doctor` does. */
export async function collectDiagnosis({ userDirectory, recent, signal }: DiagnosisNeeds): Promise<Diagnosis> {
  const workspaces = []
  for (const [at, workspace] of recent.entries()) workspaces.push(await shapeOf(workspace, at + 1, signal))
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  const files: DiagnosisFile[] = [
    { name: 'README.txt', text: about },
    { name: 'program.json', text: json(machineFacts(describeProgram(userDirectory))) },
    { name: 'workspaces.json', text: json(workspaces) },
    { name: 'log.jsonl', text: logTail(userDirectory) }
  ]
  return { files, digest: sha256(JSON.stringify(files)) }
}

function logTail(userDirectory: string): string {
  const texts = logParts(logPlace(userDirectory))
    .slice(0, 2)
    .reverse()
    .flatMap(({ path }) => {
      try {
        return [readFileSync(path, 'utf8')]
      } catch {
        return []
      }
    })
  return scrubLog(texts.join(''), programFiles())
}

/** Names of the files that the program consists of where it is built; others may not stand as places. */
function programFiles(): ReadonlySet<string> {
  return new Set(__filename.endsWith('.js') ? readdirSync(__dirname).filter((name) => name.endsWith('.js')) : [])
}
