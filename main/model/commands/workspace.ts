import { z } from 'zod'
import { WorkspaceName, WorkspaceSummary } from '../workspace'
import { shape } from './shape'

export const workspaceShapes = {
  rename: shape(z.object({ name: WorkspaceName }), WorkspaceSummary, ['workspace'])
}
