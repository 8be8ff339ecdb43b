export type { LogLevel, WorkspaceContext } from './context'
export { createRecentWorkspaces, type RecentWorkspaces } from './recent-workspaces'
export {
  assertLedgerPresent,
  createWorkspaceFolder,
  discardNewWorkspace,
  isWorkspaceFolder,
  prepareWorkspaceFolder,
  readWorkspaceFile,
  renameWorkspace,
  WORKSPACE_FILE
} from './workspace-folder'
export { lockWorkspace, type Release } from './workspace-lock'
