import { z } from 'zod'

/** What the host is started with, as JSON in its first argument. */
export const HostOptions = z.object({
  /** The user's own folder; by default the one that the command line uses too. */
  userDirectory: z.string().min(1).optional(),
  /** Check what handlers return against the contract. */
  validateOutputs: z.boolean().default(false)
})
export type HostOptions = z.infer<typeof HostOptions>

/** Main to host. A `connect` carries one MessagePort. */
export const ParentMessage = z.discriminatedUnion('kind', [z.object({ kind: z.literal('connect') }), z.object({ kind: z.literal('stop') })])
export type ParentMessage = z.infer<typeof ParentMessage>
