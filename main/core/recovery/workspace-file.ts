import { randomUUID } from 'node:crypto'
import { basename, join } from 'node:path'
import { WorkspaceFile, WORKSPACE_FORMAT } from '../../model/workspace'
import { openReader } from '../../storage/ledger/ledger-reader'
import { ledgerSnapshots } from '../../storage/ledger/ledger-snapshots'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { walkChain } from '../audit'

/** What the record says of the workspace: the entry that it began with, and its later names. */
function fromRecord(ledger: string): Partial<WorkspaceFile> | undefined {
  let found: Partial<WorkspaceFile> = {}
  let reader
  try {
    reader = openReader(ledger)
    walkChain(reader, ({ action, subject, at, detail }) => {
      const { after } = JSON.parse(detail) as { after?: Partial<WorkspaceFile> }
      if (action === 'workspace.created')
        found = { ...found, id: subject.replace(/^workspace:/, ''), createdAt: at, name: after?.name, sample: after?.sample }
      if (action === 'workspace.renamed') found = { ...found, id: found.id ?? subject.replace(/^workspace:/, ''), name: after?.name }
    })
  } catch {
    // As far as it can be read.
  } finally {
    reader?.close()
  }
  return found.id ? found : undefined
}

const completed = (found: Partial<WorkspaceFile>, directory: string): WorkspaceFile => ({
  format: 'drydock.workspace',
  version: WORKSPACE_FORMAT,
  id: found.id ?? randomUUID(),
  name: found.name ?? (basename(directory).slice(0, 120) || 'Workspace'),
  createdAt: found.createdAt ?? new Date().toISOString(),
  sample: found.sample ?? false
})

/** Writes `drydock.json` anew: from the record, from an earlier copy, else with a new identity. Returns what it was made from. */
export async function rebuildWorkspaceFile(directory: string, ledgerCopy: string | undefined): Promise<string> {
  const earlier = ledgerSnapshots(directory)
    .map(({ workspace }) => WorkspaceFile.safeParse(workspace))
    .find(({ success }) => success)?.data
  const recorded = ledgerCopy === undefined ? undefined : fromRecord(ledgerCopy)
  // The copy has the file letter for letter; the record knows of later names.
  const isSame = earlier !== undefined && (recorded === undefined || recorded.id === earlier.id)
  const file = completed({ ...recorded, ...(isSame ? { ...earlier, name: recorded?.name ?? earlier.name } : {}) }, directory)
  const source = recorded
    ? 'from the record in the ledger'
    : earlier
      ? 'from the last copy of the ledger'
      : 'with a new identity and the name of the folder, because nothing says what it was'
  await writeFileDurably(join(directory, 'drydock.json'), JSON.stringify(file, null, 2) + '\n')
  return source
}
