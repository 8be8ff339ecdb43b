import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { contract } from '../../preload/contract'
import { isChange, type Contract, type Definition } from '../../preload/wire/definitions'
import { createClient, createMemoryTransport, createServer, type Server } from '../../preload/wire'
import { commands } from '../core/all-commands'
import { createApplication, type Application } from '../core/application'
import type { AnyCommand } from '../core/commands'
import { errorCodes } from '../model/errors'
import { topics } from '../model/topics'
import { handlers } from './handlers'
import { jsonSchemaOf, validInput } from './valid-input.fixture'

const paths = Object.entries(contract).flatMap(([feature, verbs]) =>
  Object.keys(verbs).map((verb) => ({ feature, verb, path: `${feature}.${verb}` }))
)
type AnyCall = (input: unknown) => Promise<unknown> & { result?: Promise<unknown> } & AsyncIterable<unknown>

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
  it.each(paths.filter(({ feature }) => !['system', 'workspace', 'updates', 'bundles'].includes(feature)))(
    '$path without a workspace says so over the wire, with the next step',
    async ({ feature, verb }) => {
      const definition = contract[feature as 'jobs'][verb as 'list'] as { input: z.ZodType }
      const input = validInput(jsonSchemaOf(definition.input))
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

  /** Changes of the program itself, not of a workspace: nothing is there that could record them, or it is recorded elsewhere. */
  const ofTheProgram: Record<string, string> = {
    'system.setPreferences': 'how the window looks',
    'updates.apply': 'which version of the program starts is no affair of a workspace; the versions keep a record of their own',
    'updates.back': 'as applying',
    'bundles.forgetAsked': 'what a user asked of a bundle belongs to the user',
    'workspace.create': 'the new workspace records that it was made (workspaces.begin)',
    'workspace.open': 'looking at a workspace changes nothing in it',
    'workspace.close': 'as opening',
    'workspace.setTrust': 'trust belongs to the user and stays out of the workspace',
    'workspace.forget': 'the list of recent folders belongs to the user',
    'workspace.createSample': 'a recipe of commands, each of which is recorded',
    'workspace.openMended': 'as opening; the repair or salvage before it has its entry in the record',
    'system.saveDiagnosis': 'a file about the program; nothing of a workspace changes',
    'workspace.leaveDamaged': 'only the window looks elsewhere'
  }
  const works = paths.filter(({ feature, verb }) => isChange((contract as Contract)[feature][verb]))
  it.each(works)('$path is a command of the core with the same input, output and topics', ({ feature, verb, path }) => {
    if (path in ofTheProgram) return expect((commands as Record<string, object>)[feature] ?? {}).not.toHaveProperty(verb)
    const command = (commands as Record<string, Record<string, AnyCommand>>)[feature]?.[verb]
    const definition = (contract as Contract)[feature][verb] as Definition & { topics: readonly string[] }
    expect(command?.name).toBe(path)
    expect(definition.input, 'one schema, not two that look alike').toBe(command!.input)
    expect(definition.output).toBe(command!.output)
    expect(definition.topics).toEqual(command!.topics)
  })
  it('has a path for every command that is no inner one', () => {
    const names = Object.entries(commands).flatMap(([feature, verbs]) => Object.keys(verbs).map((verb) => `${feature}.${verb}`))
    expect(names.filter((name) => !works.some(({ path }) => path === name))).toEqual([])
    expect(names.length).toBeGreaterThan(30)
  })
  it('has topics that are its features with something to read, no others', () => {
    const readable = Object.entries(contract).filter(([, verbs]) => Object.values(verbs).some((verb) => verb.kind === 'query'))
    expect([...topics].sort()).toEqual(readable.map(([feature]) => feature).sort())
  })
})
