import type { CommandGroup } from './command'

export const policyCommands: CommandGroup = {
  place: 4.3,
  nouns: { policy: 'check, save, test and apply policies' },
  add(add) {
    add(
      'policy list',
      'list the policies of a workspace',
      (c) =>
        c.requiredOption('-w, --workspace <dir>', 'the workspace').addHelpText('after', '\nExample:\n  drydock policy list -w lab --json'),
      async () => (await import('./policy-work')).listPolicies
    )
    add(
      'policy show',
      'print the text of a saved policy as it was written',
      (c) =>
        c
          .argument('<name>', 'its name, or name@version by the beginning of the version')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock policy show -w lab loans > loans.yaml\n  drydock policy show -w lab loans@1f2e3d4c --json'
          ),
      async () => (await import('./policy-work')).showPolicy
    )
    add(
      'policy check',
      'check a policy file: every problem with its line and column; exit code 1 when it can pass nothing',
      (c) =>
        c
          .argument('<file>', 'POLICY.yaml, or with -w the name of a saved policy')
          .option('-w, --workspace <dir>', 'where a saved policy is')
          .addHelpText('after', '\nExamples:\n  drydock policy check loans.yaml\n  drydock policy check loans.yaml --json'),
      async () => (await import('./policy-checks')).checkPolicy
    )
    add(
      'policy add',
      'save a policy file in the workspace: from now on it is in force under its name',
      (c) =>
        c
          .argument('<file>', 'POLICY.yaml')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .addHelpText('after', '\nExample:\n  drydock policy add -w lab loans.yaml --as Ada'),
      async () => (await import('./policy-work')).addPolicy
    )
    add(
      'policy test',
      'run the examples of a policy, or try it on facts of your own; nothing is recorded',
      (c) =>
        c
          .argument('<file>', 'POLICY.yaml, or with -w the name of a saved policy')
          .option('-w, --workspace <dir>', 'where a saved policy is')
          .option('--facts <file>', 'facts by group, YAML or JSON (schema: drydock.gate-facts)')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock policy test loans.yaml\n  drydock policy test loans.yaml --facts weak-model.yaml\n  drydock policy test -w lab loans@1f2e3d4c'
          ),
      async () => (await import('./policy-checks')).testPolicy
    )
    add(
      'policy gate',
      'apply a policy to a run and record the result; exit code 1 when it did not pass',
      (c) =>
        c
          .argument('<name>', 'of the policy, or name@version by the beginning of the version')
          .requiredOption('-w, --workspace <dir>', 'the workspace')
          .option('--run <run>', 'id of the run, its beginning, or its name')
          .option('--model <model>', 'NAME@VERSION: the run of this version')
          .addHelpText(
            'after',
            '\nExamples:\n  drydock policy gate -w lab loans --run 1f2e3d4c\n  drydock policy gate -w lab loans --model tabular@1 --json'
          ),
      async () => (await import('./policy-gate')).applyPolicy
    )
  }
}
