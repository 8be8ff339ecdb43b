import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { basicConstraints, makeCertificate } from './certificate-maker.fixture'
import { freshFolder, newKey, publicPem, removeFolders, sha256 } from './sample-bundle.fixture'
import { readTrust } from './trust-anchors'
import { readTrustDocument } from './trust-document'

afterAll(removeFolders)

const [ada, vera] = [publicPem(newKey()), publicPem(newKey('P-384'))]
const indent = (pem: string) => pem.trim().replaceAll('\n', '\n        ')

async function read(body: string, files: Record<string, string> = {}) {
  const folder = freshFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const path = join(folder, 'trust.yaml')
  writeFileSync(path, `schema: drydock.trust\nversion: 1\nname: Harbour\n${body}`)
  return readTrustDocument(path)
}

describe('a trust document', () => {
  it('names people by key text, key file, certificate or fingerprint, with white space around, and roots', async () => {
    const root = makeCertificate('Harbour CA', { extensions: [basicConstraints(true)] })
    const own = makeCertificate('Omar', { extensions: [basicConstraints(false)] })
    const document = await read(
      `people:
  - name: Ada
    roles: [author]
    keys:
      - |
        ${indent(ada)}

  - name: Vera
    roles: [reviewer, approver]
    keys: [vera.pub.pem, "${sha256(publicPem(newKey())).toUpperCase()} "]
  - { name: Omar, roles: [reviewer], keys: [omar.pem] }
roots:
  - certificate: root.pem
`,
      {
        'vera.pub.pem': `\ufeff\r\n${vera.replaceAll('\n', '\r\n')}\r\n\r\n`,
        'omar.pem': own.certificate.x509.toString(),
        'root.pem': root.certificate.x509.toString()
      }
    )
    expect(document.people.map(({ name, roles, keys }) => [name, roles, keys[0], keys.length])).toEqual([
      ['Ada', ['author'], sha256(ada), 1],
      ['Vera', ['reviewer', 'approver'], sha256(vera), 2],
      ['Omar', ['reviewer'], sha256(publicPem(own.key)), 1]
    ])
    expect(document.roots.map(({ facts }) => facts.subject)).toEqual([root.certificate.facts.subject])
    expect(readTrust({ document }).given).toBe(true)
  })

  it.each([
    [
      'a key of two persons',
      `people:\n  - { name: Ada, roles: [author], keys: [k.pem] }\n  - { name: Vera, roles: [reviewer], keys: [k.pem] }\n`,
      6,
      45
    ],
    ['a key twice', `people:\n  - { name: Ada, roles: [author], keys: [k.pem, k.pem] }\n`, 5, 49],
    [
      'a person twice',
      `people:\n  - { name: Ada, roles: [author], keys: [k.pem] }\n  - { name: ADA, roles: [reviewer], keys: [v.pem] }\n`,
      6,
      13
    ],
    [
      'a person who looks like another',
      `people:\n  - { name: Tom, roles: [author], keys: [k.pem] }\n  - { name: "\u0422\u041e\u041c", roles: [reviewer], keys: [v.pem] }\n`,
      6,
      13
    ],
    ['a word of two scripts', `people:\n  - { name: "\u0410da", roles: [author], keys: [k.pem] }\n`, 5, 13],
    ['more than can be read', `people: [${'&a {}, '.repeat(600)}]\n`, 1, 1],
    ['an unknown role', `people:\n  - { name: Ada, roles: [king], keys: [k.pem] }\n`, 5, 26],
    ['no key', `people:\n  - { name: Ada, roles: [author], keys: [] }\n`, 5, 41],
    ['an unknown field', `peple: []\n`, 4, 1],
    ['a file that is not there', `people:\n  - { name: Ada, roles: [author], keys: [absent.pem] }\n`, 5, 42],
    ['a file that is no key', `people:\n  - { name: Ada, roles: [author], keys: [trust.yaml] }\n`, 5, 42],
    ['the certificate of an authority as a person', `people:\n  - { name: Ada, roles: [author], keys: [ca.pem] }\n`, 5, 42],
    ['a mapping key twice', `people: []\npeople: []\n`, 5, 1],
    ['a name that hides', `people:\n  - { name: "A\\u202eb", roles: [author], keys: [k.pem] }\n`, 5, 13]
  ])('with %s is refused at its line and column', async (_what, body, line, column) => {
    const ca = makeCertificate('CA', { extensions: [basicConstraints(true)] })
    const files = { 'k.pem': ada, 'v.pem': vera, 'ca.pem': ca.certificate.x509.toString() }
    await expect(read(body, files)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('Nobody is trusted by it.'),
      details: { problems: [{ line, column }] }
    })
  })

  it('tells every problem at once, each at its place and in plain words', async () => {
    const problemsOf = async (body: string, files = {}) => {
      const error = (await read(body, files).catch((cause: unknown) => cause)) as { message: string; details: { problems: object[] } }
      return [error.message.replace(/".*?trust.yaml"/, 'FILE'), error.details.problems] as const
    }
    const [first, shape] = await problemsOf(
      `people:\n  - { name: Ada, roles: [autor], keys: k.pem }\n  - { roles: [reviewer], keys: [v.pem], colour: red }\nroots: 7\n`
    )
    expect(first).toMatch(
      /^The trust document .* cannot be used: Entry 1 of "roles" takes .* \(line 5, column 26\)\. It is the first of 5 problems\. Nobody/
    )
    expect(shape).toMatchObject([
      {
        path: 'people.0.roles.0',
        line: 5,
        column: 26,
        message: expect.stringMatching(/^Entry 1 of "roles" takes "author", .*, not "autor"\. Did you mean "author"\?$/)
      },
      { path: 'people.0.keys', line: 5, column: 40, message: '"keys" takes a list of at least 1 entry, not the text "k.pem".' },
      { path: 'people.1.name', line: 6, column: 5, message: '"name" is missing. It takes a text of at most 200 characters.' },
      { path: 'people.1.colour', line: 6, column: 41, message: 'There is no key "colour" here. There is name, roles, keys.' },
      { path: 'roots', line: 7, column: 8, message: '"roots" takes a list of at most 100 entries, not the number 7.' }
    ])
    const [, keys] = await problemsOf(
      `people:\n  - { name: Ada, roles: [author], keys: [absent.pem] }\n  - { name: ada, roles: [reviewer], keys: [k.pem, k.pem] }\n`,
      { 'k.pem': ada }
    )
    expect(keys).toMatchObject([
      { path: 'people.0.keys.0', line: 5, column: 42 },
      { path: 'people.1.name', line: 6, column: 13 },
      { path: 'people.1.keys.1', line: 6, column: 51 }
    ])
  })

  it('of a later version or another kind is refused as such', async () => {
    const folder = freshFolder()
    const path = join(folder, 't.yaml')
    writeFileSync(path, 'schema: drydock.trust\nversion: 2\nname: X\nquorum: 3\n')
    await expect(readTrustDocument(path)).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' })
    writeFileSync(path, 'schema: drydock.policy\nversion: 1\nname: X\n')
    await expect(readTrustDocument(path)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(readTrustDocument(join(folder, 'absent'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
