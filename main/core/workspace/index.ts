export type { LogLevel, WorkspaceContext } from './context'
export { createRecentWorkspaces } from './recent-workspaces'
export { createTrustedFolders, restrictedWorkspace, type TrustedFolders } from './trusted-folders'
export {
  assertLedgerPresent,
  createWorkspaceFolder,
  discardNewWorkspace,
  isWorkspaceFolder,
  prepareWorkspaceFolder,
  readWorkspaceFile,
  renameWorkspace
} from './workspace-folder'
export { shareWithGroup } from './shared-folder'
export { holdWorkspace, type Hold } from './workspace-lock'
