import type { Command } from 'commander'
import type { CommandBody } from './command'

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
type Shell = (typeof SHELLS)[number]

/** Something that can be typed, and a line about it. */
interface Offer {
  word: string
  about: string
}
/** What can follow a noun, a verb of it, or the program itself (`path` is empty). */
interface Place {
  path: string
  /** Verbs, or the values of an argument that takes one of some. */
  words: Offer[]
  options: Offer[]
}

/** Every place of the program tree, the program first. */
function placesOf(command: Command, path = ''): Place[] {
  const options = command.options
    .filter(({ hidden }) => !hidden)
    .map(({ long, short, description }) => ({ word: long ?? short!, about: description }))
  const values = command.registeredArguments.flatMap(({ argChoices, description }) =>
    (argChoices ?? []).map((word) => ({ word, about: description }))
  )
  const verbs = command.commands.map((each) => ({ word: each.name(), about: each.description() }))
  return [
    { path, words: [...verbs, ...values], options: [...options, { word: '--help', about: 'display help for command' }] },
    ...command.commands.flatMap((each) => placesOf(each, `${path} ${each.name()}`.trim()))
  ]
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const wordsOf = (offers: readonly Offer[]): string => offers.map(({ word }) => word).join(' ')
const knownPaths = (places: readonly Place[]): string =>
  places
    .filter(({ path }) => path !== '')
    .map(({ path }) => quote(path))
    .join('|')

/** File names are left to the shell, which offers them where this offers nothing. */
const bash = (places: readonly Place[]): string => `# Completion of drydock for bash. In ~/.bashrc: eval "$(drydock completion bash)"
_drydock() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at='' candidate words='' options='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    candidate="\${at:+$at }\${COMP_WORDS[i]}"
    case "$candidate" in
      ${knownPaths(places)}) at=$candidate ;;
    esac
  done
  case "$at" in
${places.map(({ path, words, options }) => `    ${quote(path)}) words=${quote(wordsOf(words))} options=${quote(wordsOf(options))} ;;`).join('\n')}
  esac
  if [[ $cur == -* ]]; then words=$options; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _drydock drydock
`

const described = (offers: readonly Offer[]): string =>
  offers.map(({ word, about }) => quote(`${word}:${about.replaceAll('\\', '\\\\')}`)).join(' ')

const zsh = (
  places: readonly Place[]
): string => `# Completion of drydock for zsh. In ~/.zshrc, below compinit: eval "$(drydock completion zsh)"
_drydock() {
  local at='' candidate i
  local -a offers options
  for ((i = 2; i < CURRENT; i++)); do
    candidate="\${at:+$at }\${words[i]}"
    case "$candidate" in
      (${knownPaths(places)}) at=$candidate ;;
    esac
  done
  case "$at" in
${places.map(({ path, words, options }) => `    (${quote(path)}) offers=(${described(words)}) options=(${described(options)}) ;;`).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then _describe -o option options
  elif (( \${#offers} )); then _describe command offers
  else _files; fi
}
compdef _drydock drydock
`

const fishQuote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const fish = (
  places: readonly Place[]
): string => `# Completion of drydock for fish. In ~/.config/fish/config.fish: drydock completion fish | source
function __drydock_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l candidate (string trim "$at $word")
    switch $candidate
      case ${places.flatMap(({ path }) => (path === '' ? [] : [fishQuote(path)])).join(' ')}
        set at $candidate
    end
  end
  test "$at" = "$argv[1]"
end
${places.flatMap(fishOffers).join('\n')}
`

/** Where a place has words of its own, names of files are not offered. */
function fishOffers({ path, words, options }: Place): string[] {
  const at = `complete -c drydock -n ${fishQuote(`__drydock_at ${fishQuote(path)}`)}`
  const listed = words.map(({ word, about }) => `${at} -f -a ${fishQuote(word)} -d ${fishQuote(about)}`)
  const dashed = options.map(({ word, about }) =>
    word.startsWith('--') ? `${at} -l ${word.slice(2)} -d ${fishQuote(about)}` : `${at} -s ${word.slice(1)} -d ${fishQuote(about)}`
  )
  return [...listed, ...dashed]
}

const inPowershell = (offers: readonly Offer[]): string => offers.map(({ word }) => `'${word}'`).join(', ')

const powershell = (
  places: readonly Place[]
): string => `# Completion of drydock for PowerShell. In $PROFILE: drydock completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'drydock', 'drydock.cmd' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${places.map(({ path, words }) => `    '${path}' = @(${inPowershell(words)})`).join('\n')}
  }
  $options = @{
${places.map(({ path, options }) => `    '${path}' = @(${inPowershell(options)})`).join('\n')}
  }
  $at = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $candidate = "$at $($element.Extent.Text)".Trim()
    if ($words.ContainsKey($candidate)) { $at = $candidate }
  }
  $offers = if ($wordToComplete.StartsWith('-')) { $options[$at] } else { $words[$at] }
  $offers | Where-Object { $_.StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`

const writers: Record<Shell, (places: readonly Place[]) => string> = { bash, zsh, fish, powershell }

/**
 * The script that completes nouns, verbs and options in a shell. All of it is in the script: starting the program for each key that is
 * pressed would take longer than who types waits.
 */
const completionScript = (program: Command, shell: Shell): string => writers[shell](placesOf(program))

/** `completion`. */
export const completing =
  (program: Command): CommandBody =>
  async ({ output }, [shell]) => {
    const script = completionScript(program, shell as Shell)
    output.result({ shell, script }, script)
  }
