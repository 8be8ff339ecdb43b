import { useState } from 'react'
import { navigate } from '../ui'
import { takeInto } from './take-files'

/** The dialog that makes a workspace, for itself or for files that need one. */
export function useMakeWorkspace() {
  const [creating, setCreating] = useState(false)
  // Files that wait for the workspace that is being made for them.
  const [homeless, setHomeless] = useState<readonly string[]>([])
  return {
    creating,
    setCreating,
    homeless,
    askForWorkspace: (paths: readonly string[]) => {
      setHomeless(paths)
      setCreating(true)
    },
    endCreating: (created?: { id: string }) => {
      setCreating(false)
      if (created && homeless.length > 0) void takeInto(created.id, homeless)
      else if (created) navigate('overview')
      setHomeless([])
    }
  }
}
