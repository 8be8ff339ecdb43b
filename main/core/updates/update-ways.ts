import type { UpdateReport } from '../../model/update'
import type { ReleaseDocument } from './release-documents'
import type { UpdatePlace } from './update-place'

/** Why this user cannot put a version in place for themselves; null where they can. */
function whyNotForMe(place: UpdatePlace, release: ReleaseDocument): string | null {
  if (place.programFolder === null) return 'This Drydock runs from a checkout, which git updates.'
  if (place.rule !== 'user') return `The administrator brings new versions to this computer (${place.ruleFrom}).`
  if (place.isRoot) return 'Root starts the program of the machine and no version of its own.'
  if (!release.payloads?.some(({ kind }) => kind === 'portable')) return 'The file holds no program folder for one user.'
  return null
}

function whyNotForMachine(place: UpdatePlace, release: ReleaseDocument): string | null {
  if (place.programFolder === null) return 'This Drydock runs from a checkout, which git updates.'
  if (!release.payloads?.some(({ kind }) => kind === 'debian')) return 'The file holds no package for the package manager of this system.'
  return null
}

/** The two ways of applying, each with what it does, or why it is closed. */
export function waysOf(place: UpdatePlace, release: ReleaseDocument): UpdateReport['ways'] {
  if (place.rule === 'off') {
    const text = `Updates are switched off on this computer (${place.ruleFrom}). Ask the administrator.`
    return [
      { for: 'me', open: false, text },
      { for: 'machine', open: false, text }
    ]
  }
  const [me, machine] = [whyNotForMe(place, release), whyNotForMachine(place, release)]
  const besides = place.hasPackage ? ' The package of this computer stays as it is.' : ''
  return [
    {
      for: 'me',
      open: me === null,
      text:
        me ?? `Puts version ${release.version} into your own folder, without administrator rights, and starts it from then on.${besides}`
    },
    {
      for: 'machine',
      open: machine === null,
      text: machine ?? `Unpacks the package and prints the command with which an administrator installs it for everybody.`
    }
  ]
}
