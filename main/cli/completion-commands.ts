import { Argument, type Command } from 'commander'
import type { AddCommand, CommandGroup } from './command'
import { completing, SHELLS } from './completion'

const examples = `
Examples:
  eval "$(drydock completion bash)"                                         in ~/.bashrc
  eval "$(drydock completion zsh)"                                          in ~/.zshrc, below compinit
  drydock completion fish | source                                          in ~/.config/fish/config.fish
  drydock completion powershell | Out-String | Invoke-Expression            in $PROFILE`

function addCompletionCommand(add: AddCommand): void {
  let own: Command
  add(
    'completion',
    'print a script that completes nouns, verbs and options in a shell',
    (command) => {
      own = command
      return command.addArgument(new Argument('<shell>', 'the shell').choices(SHELLS)).addHelpText('after', examples)
    },
    async () => completing(own.parent!)
  )
}

export const completionCommands: CommandGroup = { place: 10, add: addCompletionCommand }
