import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contract } from '../../preload/contract'
import { createClient, createMemoryTransport, type Server } from '../../preload/wire'
import type { Contract } from '../../preload/wire/definitions'
import { createChosenPlaces } from '../app/chosen-places'
import { commands } from '../core/all-commands'
import { createApplication, type Application } from '../core/application'
import { placeInput, placesIn } from '../model/place'
import { createShellQuestions } from './ask-shell'
import { serveContract } from './serve-contract'
import { jsonSchemaOf, validInput, type JsonSchema } from './valid-input.fixture'

const root = mkdtempSync(join(tmpdir(), 'drydock-places-'))
const workspace = join(root, 'w')
const secret = join(root, 'secret.csv')
const chosen = createChosenPlaces()
const servers: Server[] = []
let app: Application
let page: ReturnType<typeof connect>

const calls = Object.entries(contract as Contract).flatMap(([feature, verbs]) =>
  Object.entries(verbs).map(([verb, definition]) => ({ path: `${feature}.${verb}`, definition, places: placesIn(definition.input) }))
)

function connect(mayNamePaths: boolean) {
  const shell = createShellQuestions((message) => {
    const said = message as { kind: string; id: number; token: string; use: 'read'; done: boolean }
    if (said.kind === 'take') shell.heard({ kind: 'answer', id: said.id, ...chosen.take(said.token, said.use) })
    else chosen.settle(said.token, said.done)
  })
  const transport = createMemoryTransport()
  servers.push(serveContract(app, transport.server, { mayNamePaths, shell }))
  const client = createClient(contract, transport.client)
  const call = async (path: string, input: unknown): Promise<unknown> => {
    const [feature, verb] = path.split('.')
    const made = (
      client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown> & { result?: Promise<unknown> }>>
    )[feature][verb](input)
    return made.result ?? made
  }
  return {
    client,
    ended: (path: string, input: unknown) =>
      call(path, input).then(
        () => 'done',
        (error: { code: string; message: string }) => `${error.code} ${error.message}`
      )
  }
}

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(workspace, 'W')
  writeFileSync(secret, 'a,b\n1,2\n')
  page = connect(false)
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

/** The smallest valid input of a call, with what it says at one place. */
function inputWith(schema: z.ZodType, keys: readonly string[], said: string): unknown {
  const input = validInput(jsonSchemaOf(schema)) as Record<string, unknown>
  for (const { keys: others } of placesIn(schema))
    if (others.length === 1 && others[0] in input) input[others[0]] = chosen.give(secret, 'read')
  const holder = keys.slice(0, -1).reduce((at, key) => (at[key] ??= {}) as Record<string, unknown>, input)
  holder[keys.at(-1)!] = said
  return input
}

describe('a page', () => {
  it.each(calls.flatMap(({ path, definition, places }) => places.map(({ keys, use }) => ({ path, definition, keys, use }))))(
    'names no path in $path, $keys: $use',
    async ({ path, definition, keys }) => {
      for (const said of [
        secret,
        'secret.csv',
        `\\\\host\\share`,
        `file://${secret}`,
        '~',
        `chosen:${'x'.repeat(24)}:${secret}`,
        `workspace:../secret.csv`
      ])
        expect(await page.ended(path, inputWith(definition.input, keys, said)), said).toMatch(/^FORBIDDEN .*(Choose it)/)
    }
  )

  /** Inputs whose names sound like a place and are none. */
  const noPlaces: Record<string, string> = {
    'bundles.file file': 'a file inside of the bundle, which is opened by its place',
    'workspace.create folder': 'one name inside of the chosen folder; separators are refused',
    'workspace.salvageDamaged folder': 'as for a new workspace',
    'workspace.restoreBackup folder': 'as for a new workspace'
  }
  it('has no input that sounds like a path and is not marked as a place', () => {
    const sounds = /path|dir|folder|file|place|copyto|location|destination/i
    const found = calls.flatMap(({ path, definition, places }) => {
      const marked = new Set(places.map(({ keys }) => keys.filter((key) => key !== '*').join('.')))
      return textsOf(jsonSchemaOf(definition.input)).flatMap((name) =>
        sounds.test(name.split('.').at(-1)!) && !marked.has(name) ? [`${path} ${name}`] : []
      )
    })
    expect(found.sort()).toEqual(Object.keys(noPlaces).sort())
    expect(calls.filter(({ places }) => places.length > 0).length).toBeGreaterThan(10)
  })
  it('has no such input in the commands behind it either, also where only the command line asks', () => {
    const fields = Object.values(commands).flatMap((feature) => Object.values(feature as object))
    const wide = fields.flatMap(({ name, input }: { name: string; input: z.ZodType }) => {
      const marked = new Set(placesIn(input).map(({ keys }) => keys.filter((key) => key !== '*').join('.')))
      return textsOf(jsonSchemaOf(input)).flatMap((text) => (/path|directory/i.test(text) && !marked.has(text) ? [`${name} ${text}`] : []))
    })
    expect(wide).toEqual([])
  })

  it('writes where a person chose to, once, and again after a failure', async () => {
    const { id } = app.do(commands.people.create, { name: 'Ada', roles: ['author'] })
    const person = await app.do(commands.people.createKey, { id, passphrase: 'correct horse battery' })
    const fingerprint = person.keys[0].fingerprint
    const target = join(root, 'signer.pem')
    writeFileSync(target, 'mine')
    const save = (path: string, key: string = fingerprint) => page.ended('people.savePublicKey', { fingerprint: key, path })
    expect(await save(target)).toMatch(/^FORBIDDEN/)
    expect(await save(chosen.give(target, 'read'))).toMatch(/^FORBIDDEN .*to be written/)
    expect(readFileSync(target, 'utf8')).toBe('mine')
    const place = chosen.give(target, 'write')
    expect(await save(place, 'f'.repeat(64))).toMatch(/^NOT_FOUND/)
    expect(await save(place)).toBe('done')
    expect(readFileSync(target, 'utf8')).toContain('PUBLIC KEY')
    expect(await save(place)).toMatch(/^FORBIDDEN .*written once/)
  })

  it('reads what was chosen as often as it likes, and what lies in the open workspace by its name', async () => {
    const file = chosen.give(secret, 'read')
    writeFileSync(join(workspace, 'inside.csv'), 'a\n1\n')
    symlinkSync(secret, join(workspace, 'link.csv'))
    const preview = (path: string) => page.ended('datasets.previewImport', { path })
    expect([await preview(file), await preview(file), await preview('workspace:inside.csv')]).toEqual(['done', 'done', 'done'])
    for (const out of ['workspace:link.csv', 'workspace:../secret.csv', `workspace:${secret}`, 'workspace:none.csv'])
      expect(await preview(out), out).toMatch(/^FORBIDDEN/)
  })

  it('opens workspaces from its list by their ids, and makes new ones in a chosen folder or among the documents', async () => {
    const [{ id }] = await page.client.workspace.recent({})
    expect(await page.client.workspace.open({ directory: `recent:${id}` })).toMatchObject({ name: 'W' })
    expect(await page.ended('workspace.open', { directory: 'recent:other' })).toMatch(/^FORBIDDEN/)
    const parent = join(root, 'parent')
    mkdirSync(parent)
    const directory = chosen.give(parent, 'folder')
    for (const folder of ['..', 'a/b', 'a\\b', ''])
      expect(await page.ended('workspace.create', { directory, folder, name: 'X' }), folder).toMatch(/^INVALID_INPUT/)
    expect(await page.client.workspace.create({ directory, folder: 'new', name: 'X' })).toMatchObject({ directory: join(parent, 'new') })
    await page.client.workspace.open({ directory: `recent:${id}` })
    await page.client.workspace.forget({ id })
    expect((await page.client.workspace.recent({})).map((entry) => entry.name)).toEqual(['X'])
  })
})

describe('a caller that was created as one that may name paths', () => {
  it('names them', async () => {
    expect(await connect(true).ended('datasets.previewImport', { path: secret })).toBe('done')
  })
})

it('a place is found however deep it stands', () => {
  const place = placeInput('read')
  const schema = z.object({
    a: z.array(z.object({ p: place.optional() })),
    b: z.union([z.object({ q: placeInput('write') }), z.string()]).nullable(),
    c: z.record(z.string(), z.tuple([placeInput('folder').default('x')])),
    d: z.lazy(() => z.object({ r: place }).transform((value) => value))
  })
  expect(placesIn(schema).map(({ keys, use }) => `${keys.join('.')} ${use}`)).toEqual([
    'a.*.p read',
    'b.q write',
    'c.*.* folder',
    'd.r read'
  ])
})

/** The names of all texts of an input, with the keys that lead there. */
function textsOf(schema: JsonSchema, way: readonly string[] = []): string[] {
  if (schema.type === 'string') return way.length > 0 ? [way.join('.')] : []
  const inside = (part: JsonSchema | undefined, ...more: string[]) => (part ? textsOf(part, [...way, ...more]) : [])
  const unions = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((part) => inside(part))
  return [
    ...new Set([...unions, ...inside(schema.items), ...Object.entries(schema.properties ?? {}).flatMap(([key, part]) => inside(part, key))])
  ]
}
