import { finishBillOfMaterials } from '../../../main/core/bundle-format/documents/bill-of-materials'
import { referenceOf, type Component } from './component'
import type { Payload, ReleaseFacts } from './release-facts'

const isId = (licence: string): boolean => !/[ ()]/.test(licence)
const sha256 = (content: string) => ({ alg: 'SHA-256', content })

/** A component with its files and parts as CycloneDX 1.7 writes it (https://cyclonedx.org/docs/1.7/json/). */
function describe(component: Component) {
  const { type, name, version, purl, licence, hashes, held, files, parts, notes } = component
  const reference = referenceOf(component)
  const inner = [
    ...parts.map((part) => ({ type: 'library', 'bom-ref': `${reference}/${part.name}`, ...part })),
    ...files.map((file) => ({ type: 'file', 'bom-ref': `file:${file.path}`, name: file.path, hashes: [sha256(file.sha256)] }))
  ]
  return {
    type,
    'bom-ref': reference,
    name,
    version,
    ...(purl && { purl }),
    ...(hashes.length > 0 && { hashes }),
    licenses: isId(licence) ? [{ license: { id: licence } }] : [{ expression: licence }],
    properties: [{ name: 'drydock:held', value: held }, ...notes.map((note) => ({ name: `drydock:${note.name}`, value: note.value }))],
    ...(inner.length > 0 && { components: inner })
  }
}

/** Who needs whom, as far as both are in the release; a name with several versions stands for all of them. */
function dependencies(root: string, components: readonly Component[]) {
  const named = groupByName(components)
  const edges = components.map((component) => ({
    ref: referenceOf(component),
    dependsOn: [...new Set(component.needs.flatMap((name) => (named.get(name) ?? []).map(referenceOf)))].sort()
  }))
  return [{ ref: root, dependsOn: components.map(referenceOf) }, ...edges]
}

function groupByName(components: readonly Component[]): Map<string, Component[]> {
  const named = new Map<string, Component[]>()
  for (const each of components) named.set(each.name, [...(named.get(each.name) ?? []), each])
  return named
}

/**
 * The bill of materials of the app as CycloneDX 1.7 JSON, checked against the strict schema; equal facts give equal bytes.
 * @throws Error when the document does not fit the schema
 */
export async function writeBillOfMaterials(
  facts: ReleaseFacts,
  components: readonly Component[],
  payloads: readonly Payload[]
): Promise<string> {
  const root = `application:drydock@${facts.version}`
  const opaque = components.filter(
    ({ files, parts }) => files.some(({ path }) => /\.(node|dll|dylib)$|\.so/.test(path)) && parts.length === 0
  )
  const body = {
    metadata: {
      timestamp: facts.builtAt,
      lifecycles: [{ phase: 'post-build' }],
      component: {
        type: 'application',
        'bom-ref': root,
        name: 'drydock',
        version: facts.version,
        description: `Drydock for ${facts.platform}`,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        externalReferences: payloads.map(({ file, sha256: content }) => ({ type: 'distribution', url: file, hashes: [sha256(content)] })),
        properties: [
          { name: 'drydock:platform', value: facts.platform },
          { name: 'drydock:commit', value: facts.commit }
        ]
      }
    },
    components: components.map(describe),
    dependencies: dependencies(root, components),
    compositions: [
      { aggregate: 'complete', assemblies: [root] },
      // What their authors linked into machine code is listed only where they say it.
      ...(opaque.length > 0 ? [{ aggregate: 'incomplete', assemblies: opaque.map(referenceOf) }] : [])
    ]
  }
  return finishBillOfMaterials(body)
}
