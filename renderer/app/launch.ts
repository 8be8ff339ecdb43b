import { useEffect, useRef, useState } from 'react'
import { placeText } from '../../main/model/place'
import type { LaunchRequest } from '../../preload/wire'
import { reportError, useClient, useConnectionState, useInvalidate, type HostClient } from '../host'

interface LaunchState {
  /** True until it is known which workspace, if any, is opened at the start. */
  settling: boolean
  /** Set when the app was started for the sample and it is not there yet. */
  createSample: string | null
  /** The connection for which this holds; a newer one means that the host came back and the workspace is being reopened. */
  generation: number
}

/** The folder to open at the start: the one asked for, else the last one if the person wants that. */
async function chooseDirectory(client: HostClient, launch: LaunchRequest): Promise<{ open: string | null; createSample: string | null }> {
  const status = await client.workspace.status({})
  if (status.workspace) return { open: null, createSample: null }
  if (launch.sample) {
    const sample = await client.workspace.sampleDefault({})
    const place = launch.workspace ?? 'sample:'
    const exists =
      place === 'sample:' || placeText(place) === sample.directory
        ? sample.exists
        : (await client.workspace.recent({})).some((entry) => entry.directory === placeText(place) && entry.available)
    return exists ? { open: place, createSample: null } : { open: null, createSample: place }
  }
  if (launch.workspace) return { open: launch.workspace, createSample: null }
  const { reopenLast } = await client.system.preferences({})
  const last = reopenLast ? (await client.workspace.recent({}))[0] : undefined
  return { open: last?.available ? `recent:${last.id}` : null, createSample: null }
}

/** The folder that was open before the host went, on the list that the host keeps of such. */
async function openedBefore(client: HostClient, directory: string | null): Promise<string | null> {
  const entry = (await client.workspace.recent({})).find((each) => each.directory === directory)
  return entry ? `recent:${entry.id}` : null
}

/** Opens the workspace of this start, and the same one again after the host was restarted. */
export function useLaunch(
  launch: LaunchRequest,
  openDirectory: string | null
): Omit<LaunchState, 'generation'> & {
  /** True while the host that came back opens the workspace again: what is on screen stays, with what was typed. */
  reopening: boolean
} {
  const client = useClient()
  const invalidate = useInvalidate()
  const { generation } = useConnectionState()
  const [state, setState] = useState<LaunchState>({ settling: true, createSample: null, generation: 0 })
  const lastDirectory = useRef<string | null>(null)
  if (openDirectory) lastDirectory.current = openDirectory
  const handled = useRef(0)
  useEffect(() => {
    if (handled.current === generation) return
    const isFirst = handled.current === 0
    handled.current = generation
    const start = async () => {
      let createSample: string | null = null
      try {
        const choice = isFirst
          ? await chooseDirectory(client, launch)
          : { open: await openedBefore(client, lastDirectory.current), createSample: null }
        createSample = choice.createSample
        if (choice.open) {
          const status = await client.workspace.status({})
          if (!status.workspace) await client.workspace.open({ directory: choice.open })
        }
      } catch (error) {
        reportError(error)
      }
      await invalidate(['*'])
      setState({ settling: false, createSample, generation })
    }
    void start()
  }, [generation, client, invalidate, launch])
  const { settling, createSample } = state
  return { settling, createSample, reopening: !settling && state.generation !== generation }
}
