import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { generateSigningKey } from '../../../main/core/bundle-format'
import type { BundledPackage } from '../../build-record'

const folders: string[] = []
/** Removes what the fixtures of this file made. */
export const removeMade = (): void => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }))

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-evidence-'))
  folders.push(folder)
  return folder
}

/** The file, with its folders. */
export function put(path: string, content: string | Buffer): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** An asar archive of files in one folder. */
export function makeAsar(folder: string, files: Record<string, string>): Buffer {
  let offset = 0
  const entries = Object.entries(files).map(([name, text]) => {
    const entry = [name, { size: Buffer.byteLength(text), offset: String(offset) }] as const
    offset += entry[1].size
    return entry
  })
  const tree = folder.split('/').reduceRight<object>((inner, name) => ({ [name]: { files: inner } }), Object.fromEntries(entries))
  const header = Buffer.from(JSON.stringify({ files: tree }))
  const padding = (4 - (header.length % 4)) % 4
  const sizes = Buffer.alloc(16)
  ;[4, 8 + header.length + padding, 4 + header.length + padding, header.length].forEach((size, index) =>
    sizes.writeUInt32LE(size, index * 4)
  )
  return Buffer.concat([sizes, header, Buffer.alloc(padding), Buffer.from(Object.values(files).join(''))])
}

const shipped = ['libsql', 'detect-libc', '@neon-rs/load', 'schemes', 'railroad-diagrams']
const bundled = ['zod', '@bufbuild/protobuf', '@fontsource/jetbrains-mono']

/** A small program folder with real packages, and the record of its build. */
export function makeProgram(): { programFolder: string; buildRecord: string; nodeVersion: string; resources: string } {
  const folder = makeFolder()
  const [programFolder, buildRecord] = [join(folder, 'program'), join(folder, 'record')]
  const resources = join(programFolder, 'resources')
  put(join(programFolder, 'drydock-app'), 'ELF Chrome/150.0.1.2 Electron/45.4.1 end')
  put(join(programFolder, 'LICENSES.chromium.html'), '<p>')
  put(join(programFolder, 'libffmpeg.so'), 'ELF')
  put(join(resources, 'node', 'LICENSE'), 'Node.js is licensed for use as follows')
  mkdirSync(join(resources, 'node', 'bin'))
  symlinkSync(process.execPath, join(resources, 'node', 'bin', 'node'))
  put(join(resources, 'app.asar'), makeAsar('out/renderer/assets', { 'mono.woff2': 'a font' }))
  const app = join(resources, 'app.asar.unpacked')
  for (const name of shipped) {
    cpSync(join('node_modules', name), join(app, 'node_modules', name), { recursive: true })
    rmSync(join(app, 'node_modules', name, 'README.md'), { force: true })
  }
  cpSync('resources/sample/birdstrikes.csv', join(app, 'out', 'resources', 'sample', 'birdstrikes.csv'))
  const packages = bundled.map((name): BundledPackage => {
    const { version } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')) as { version: string }
    return {
      name,
      version,
      path: `node_modules/${name}`,
      files: ['renderer/assets/index.js', ...(name.includes('font') ? ['renderer/assets/mono.woff2'] : [])]
    }
  })
  for (const part of ['main', 'preload', 'renderer'])
    put(join(buildRecord, `${part}.json`), JSON.stringify({ part, packages: part === 'renderer' ? packages : [] }))
  return { programFolder, buildRecord, nodeVersion: process.versions.node, resources }
}

export const passphrase = 'tide tables of the inner harbour'

/** A release key in a file, with its public half. */
export async function makeReleaseKey(name: string): Promise<{ path: string; publicPem: string; fingerprint: string }> {
  const { privateKeyPem, publicKeyPem, fingerprint } = await generateSigningKey({ passphrase })
  return { path: put(join(makeFolder(), `${name}.pem`), privateKeyPem), publicPem: publicKeyPem, fingerprint }
}
