import { LEDGER } from './check-ledger'
import { isContentName } from './content-files'

/** Folders whose files go into a backup beside the ledger, the file of the workspace, and the content. */
export const BACKED_UP_FOLDERS = ['runs', 'log', 'policies', 'pipelines', 'exports', 'keys'] as const
/** What was noted of the ledger file belongs to that file, not to a copy. */
const NOTES = /^log\/(high-water\.\d|ledger\.pages)/
const UNFINISHED = /\.(tmp|partial|part)$/

/**
 * Whether a backup may hold a file of this name. What a program keeps beside it while it works (locks, who holds them, the cache, the log of
 * the ledger, earlier ledgers) is made anew where a workspace is opened: brought along it would say of another machine who works here, or
 * what was committed.
 */
export function backupHolds(name: string): boolean {
  if (name === LEDGER || name === 'drydock.json' || isContentName(name)) return true
  return BACKED_UP_FOLDERS.some((folder) => name.startsWith(`${folder}/`)) && !NOTES.test(name) && !UNFINISHED.test(name)
}
