import { execFileSync, spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { commandEntries } from '../../scripts/reference/commands'
import { runCli } from './program'

async function scriptFor(shell: string): Promise<string> {
  let out = ''
  expect(await runCli(['completion', shell], { out: (text) => (out += text), err: () => {} })).toBe(0)
  return out
}
const isThere = (program: string): boolean => spawnSync(program, ['-c', 'true']).status === 0

const verbsOf = (noun: string): string[] =>
  commandEntries().flatMap(({ spec }) => (spec.startsWith(`${noun} `) ? [spec.slice(noun.length + 1)] : []))

/** What can be typed next, the last word being the one at the cursor. */
const typed: [words: string[], offered: string[]][] = [
  [['data'], ['dataset']],
  [['mod'], ['model', 'models']],
  [['dataset', ''], verbsOf('dataset')],
  [['dataset', 'm'], ['misfits']],
  [['dataset', 'list', '--tr'], ['--trashed']],
  [['runs', '-w', 'lab', '--s'], ['--sort']],
  [['export', '-w', 'lab', 'dataset', '--o'], ['--out']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish', 'powershell']
  ],
  // Names of files are the shell's own.
  [['verify', 'bun'], []],
  [['nothing', 'li'], []]
]

it.skipIf(!isThere('bash'))('completes in bash what the program has', async () => {
  const script = await scriptFor('bash')
  for (const [words, offered] of typed) {
    const line = `COMP_WORDS=(drydock "$@"); COMP_CWORD=$#; _drydock; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['-c', `${script}\n${line}`, 'bash', ...words], { encoding: 'utf8' })
    expect([words, out.split('\n').filter(Boolean)]).toEqual([words, offered])
  }
})

it.skipIf(!isThere('zsh'))('completes in zsh what the program has', async () => {
  const script = await scriptFor('zsh')
  // What the completion system of zsh does with an answer, without a terminal.
  const system = `compdef() { :; }; _files() { :; }; _describe() { for each in "\${(@P)argv[-1]}"; do print -r -- "\${each%%:*}"; done; }`
  for (const [line, offered] of typed) {
    const call = `words=(drydock "$@"); CURRENT=$#words; PREFIX=$argv[-1]; _drydock`
    const out = execFileSync('zsh', ['-c', `${system}\n${script}\n${call}`, 'zsh', ...line], { encoding: 'utf8' })
    // The rest of the word is matched by the system itself.
    expect([line, out.split('\n').filter((word) => word && word.startsWith(line.at(-1)!))]).toEqual([line, offered])
  }
})

it.skipIf(!isThere('fish'))('completes in fish what the program has', async () => {
  const script = await scriptFor('fish')
  for (const [words, offered] of typed) {
    // The shell itself says what it would offer, without a terminal; behind a tab stands the description.
    const line = ['drydock', ...words].join(' ')
    const out = execFileSync('fish', ['--no-config', '-c', `${script}\ncomplete -C '${line}'`], { encoding: 'utf8' })
    const offers = out.split('\n').flatMap((each) => (each ? [each.split('\t')[0]] : []))
    // It offers also what has the letters in its middle.
    expect([words, offers.filter((word) => word.startsWith(words.at(-1)!)).sort()]).toEqual([words, offered.toSorted()])
  }
})

it('offers in each shell every noun, verb and option, each quoted as the shell asks for', async () => {
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const script = await scriptFor(shell)
    for (const word of ['dataset', 'misfits', 'experiment compare', '--trashed', '--workspace', '--json', '--as', '--help'])
      expect([shell, script.includes(shell === 'fish' ? word.replace(/^--/, ' -l ') : word)]).toEqual([shell, true])
  }
  const powershell = await scriptFor('powershell')
  expect(powershell).toMatch(/^ {4}'dataset list' = @\(\)\n/m)
  expect(powershell).toMatch(/^ {4}'dataset list' = @\('--workspace', '--trashed', '--json', '--help'\)$/m)
  expect(powershell.match(/\{/g)!.length).toBe(powershell.match(/\}/g)!.length)
  expect(await runCli(['completion', 'tcsh'], { out: () => {}, err: () => {} })).toBe(2)
})
