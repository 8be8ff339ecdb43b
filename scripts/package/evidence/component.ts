import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A digest as CycloneDX spells it. */
export interface Digest {
  alg: 'SHA-256' | 'SHA-512'
  content: string
}

/** A file of the program that is machine code or a font: what a scanner finds by its digest. */
export interface HeldFile {
  /** Relative to the program folder, with forward slashes. */
  path: string
  sha256: string
}

/** Something of others that a release holds. */
export interface Component {
  /** `library`: a package; `framework`: a runtime; `data`: the table of the sample. */
  type: 'library' | 'framework' | 'data'
  name: string
  version: string
  purl?: string
  /** SPDX licence expression. */
  licence: string
  /** Licence and notice texts; where one stands in a file of the release, only its place. */
  texts: { title: string; text: string }[]
  hashes: Digest[]
  /** How it came into the release: as part of other files, or as files of its own. */
  held: 'in the built program' | 'as files of its own'
  files: HeldFile[]
  /** What is inside of it by its own word, such as OpenSSL in Node; no licence texts of their own. */
  parts: { name: string; version: string; purl?: string }[]
  /** Names of components that it needs. */
  needs: string[]
  /** What is known of it and fits no field. */
  notes: { name: string; value: string }[]
}

/** The reference of a component within a document. */
export const referenceOf = ({ type, name, version }: Pick<Component, 'type' | 'name' | 'version'>): string => `${type}:${name}@${version}`

/** SHA-256 (hex) of a file, which is read whole. */
export const digestOfFile = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
