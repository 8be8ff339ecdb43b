import { z } from 'zod'

/** What the host is started with, as JSON in its first argument. */
export const HostOptions = z.object({
  /** The user's own folder; by default the one that the command line uses too. */
  userDirectory: z.string().min(1).optional(),
  /** Where the programs of the workers lie and the Node that runs them; by default beside the host, on this Electron. */
  workers: z.object({ directory: z.string().min(1), node: z.string().min(1) }).optional(),
  /** Check what handlers return against the contract. */
  validateOutputs: z.boolean().default(false)
})
export type HostOptions = z.infer<typeof HostOptions>

/** Main to host. A `connect` carries one MessagePort, the page's. */
export const ParentMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('stop') }),
  /** To a question: what a token stands for, or why it may not be used; whether programs may be started; or a printed page. */
  z.object({
    kind: z.literal('answer'),
    id: z.number(),
    path: z.string().optional(),
    refused: z.string().optional(),
    allowed: z.boolean().optional(),
    pdf: z.instanceof(Uint8Array).optional(),
    foreignScripts: z.array(z.string()).optional()
  }),
  /** Asks for the path of a place that the host knows. */
  z.object({ kind: z.literal('find-place'), place: z.string() })
])
export type ParentMessage = z.infer<typeof ParentMessage>
