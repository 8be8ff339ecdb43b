import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { ExportedBundle } from '../../model/commands/bundles'
import type { WorkspaceContext } from '../workspace'

/** Exports of a workspace, newest first, with whether each file still stands where it was written. */
export function listExports({ ledger, directory }: Pick<WorkspaceContext, 'ledger' | 'directory'>): ExportedBundle[] {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(directory, path))
  return ledger
    .all<Omit<ExportedBundle, 'available' | 'unowned'> & { unowned: number }>(
      `SELECT id, model, version, path, size, root_sha256 AS rootSha256, signature_sha256 AS signatureSha256, signer, fingerprint, created_at AS createdAt, unowned
       FROM bundle_export ORDER BY rowid DESC`
    )
    .map(({ unowned, ...row }) => ({
      ...row,
      ...(unowned === 1 && { unowned: true as const }),
      path: absolute(row.path),
      available: existsSync(absolute(row.path))
    }))
}
