/** The files of a Debian 12 that has nothing but what every Debian has, and the packages that an administrator brings on a stick. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { capture } from '../../scripts/terminal.mjs'

const suite = 'bookworm'

/** What every desktop has and Drydock does not ask for: what opens files by their type, and what lists processes. */
const desktop = ['libglib2.0-bin', 'desktop-file-utils', 'procps']

/** Runs a command; throws with what it said. */
export function must(command, args, options = {}) {
  const { code, output, errors } = capture(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 4).join(' ')} ended with ${code}:\n${(errors || output).slice(-2000)}`)
  return output
}

/** Unpacks a fresh root into `folder`. Made once by mmdebstrap from the package archive of this machine, then kept in `cache`. */
export function makeCleanRoot(folder, cache) {
  const archive = join(cache, `${suite}-desktop.tar`)
  if (!existsSync(archive)) {
    mkdirSync(cache, { recursive: true })
    must('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${desktop.join(',')}`, suite, `${archive}.part`, '--format=tar'])
    renameSync(`${archive}.part`, archive)
  }
  mkdirSync(folder, { recursive: true })
  // Device files are made by the machine that runs it.
  must('tar', ['-xf', archive, '-C', folder, '--numeric-owner', '--exclude=./dev/*'])
  return folder
}

/**
 * Fetches into `folder` what `packages` need in that root and it does not have: what an administrator would carry in.
 * Asks the package archive as this machine does, with the list of installed packages of the root.
 * @param {string[]} packages names or alternatives as in a Depends field, or paths of .deb files, which are not copied
 */
export function fetchDependencies(root, packages, folder) {
  mkdirSync(join(folder, 'partial'), { recursive: true })
  const options = {
    'Dir::State::status': join(root, 'var/lib/dpkg/status'),
    'Dir::Cache::archives': folder,
    'APT::Install-Recommends': 'false',
    'APT::Keep-Downloaded-Packages': 'true',
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': 'true'
  }
  const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  must('apt-get', [...given, '--yes', '--quiet', '--download-only', 'install', ...packages])
  for (const each of ['partial', 'lock']) rmSync(join(folder, each), { recursive: true, force: true })
  const names = packages.map((name) => basename(name).split('_')[0])
  return readdirSync(folder).filter(
    (file) => file.endsWith('.deb') && !(packages[0].endsWith('.deb') && names.includes(file.split('_')[0]))
  )
}
