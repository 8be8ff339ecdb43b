import { opened, type Manifest } from '../manifest'
import { gateCommands, policyCommands } from './commands'
import { createPolicies, type Policies, type PoliciesWriter } from './policies'
import { policyTables } from './tables'

export const manifest = {
  tables: policyTables,
  commands: policyCommands,
  innerCommands: { gates: gateCommands },
  open: (context, { actor }: { actor(): string }) => opened<Policies, PoliciesWriter>(createPolicies(context, actor))
} satisfies Manifest
