import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract } from '../../preload/contract'
import { createClient, createMemoryTransport, createServer, type Server } from '../../preload/wire'
import { createApplication, type Application } from '../core/application'
import { errorCodes } from '../model/errors'
import { handlers } from './handlers'

const paths = Object.entries(contract).flatMap(([feature, verbs]) =>
  Object.keys(verbs).map((verb) => ({ feature, verb, path: `${feature}.${verb}` }))
)
type AnyCall = (input: unknown) => Promise<unknown> & { result?: Promise<unknown> } & AsyncIterable<unknown>

interface JsonSchema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minItems?: number
  minLength?: number
  minimum?: number
  format?: string
  pattern?: string
}
/** The smallest input that a schema takes. */
function validInput(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const union = schema.anyOf ?? schema.oneOf
  if (union) return validInput(union[0])
  if (schema.type === 'object')
    return Object.fromEntries((schema.required ?? []).map((key) => [key, validInput(schema.properties?.[key] ?? {})]))
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => validInput(schema.items ?? {}))
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (schema.type === 'boolean') return true
  if (schema.format === 'uuid') return '6f1f2c52-6c58-4b3c-9a08-2f4fd6a3f4a1'
  return 'a'.repeat(schema.pattern?.includes('64') ? 64 : Math.max(1, schema.minLength ?? 1))
}

const userDirectory = mkdtempSync(join(tmpdir(), 'drydock-contract-'))
let app: Application
let server: Server
let client: Record<string, Record<string, AnyCall>>

beforeAll(() => {
  app = createApplication({ userDirectory })
  const transport = createMemoryTransport()
  server = createServer(contract, handlers, app, transport.server)
  client = createClient(contract, transport.client) as unknown as typeof client
})
afterAll(async () => {
  await server.close()
  await app.close()
  rmSync(userDirectory, { recursive: true, force: true })
})

/** Calls a path of any kind and gives back how it ended. */
async function outcome(feature: string, verb: string, input: unknown): Promise<{ code: string; message: string } | 'done'> {
  try {
    const call = client[feature][verb](input)
    if (contract[feature as 'jobs'][verb as 'list'].kind === ('stream' as string)) {
      for await (const item of call) void item
      await call.result
    } else await call
    return 'done'
  } catch (error) {
    return error as { code: string; message: string }
  }
}

describe('contract', () => {
  it('has a handler for every path and no handler without a path', () => {
    const served = Object.entries(handlers).flatMap(([feature, verbs]) => Object.keys(verbs).map((verb) => `${feature}.${verb}`))
    expect(served.sort()).toEqual(paths.map(({ path }) => path).sort())
    expect(paths.length).toBeGreaterThan(60)
  })
  it.each(paths)('$path refuses garbage with INVALID_INPUT', async ({ feature, verb }) => {
    for (const garbage of [42, 'text', null, [1, 2]]) expect(await outcome(feature, verb, garbage)).toMatchObject({ code: 'INVALID_INPUT' })
  })
  it.each(paths.filter(({ feature }) => !['system', 'workspace', 'bundles'].includes(feature)))(
    '$path without a workspace says so over the wire, with the next step',
    async ({ feature, verb }) => {
      const definition = contract[feature as 'jobs'][verb as 'list'] as { input: z.ZodType }
      const input = validInput(z.toJSONSchema(definition.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
      expect(definition.input.safeParse(input).success, 'the generator below must learn this input').toBe(true)
      const ended = await outcome(feature, verb, input)
      expect(ended).toMatchObject({ code: 'CONFLICT' })
      expect((ended as { message: string }).message).toMatch(/Open or create one/)
    }
  )
  it.each([
    ['workspace', 'open', { directory: join(tmpdir(), 'drydock-no-such-folder') }, 'NOT_FOUND'],
    ['workspace', 'overview', {}, 'CONFLICT'],
    ['bundles', 'inspect', { path: join(tmpdir(), 'drydock-no-such.drydock') }, 'NOT_FOUND'],
    ['bundles', 'file', { path: join(tmpdir(), 'drydock-no-such.drydock'), file: 'README.md' }, 'NOT_FOUND'],
    ['bundles', 'createKey', { name: 'A', passphrase: 'short' }, 'INVALID_INPUT']
  ])('%s.%s carries its error code over the wire', async (feature, verb, input, code) => {
    const ended = await outcome(feature, verb, input)
    expect(ended).toMatchObject({ code })
    expect(errorCodes).toContain((ended as { code: string }).code)
  })
  it('answers what needs no workspace', async () => {
    expect(await client.workspace.status({})).toEqual({ workspace: null })
    expect(await client.system.info({})).toMatchObject({ offline: true })
    expect(await client.bundles.keys({})).toEqual([])
  })
})
