import { opened, type Manifest } from '../manifest'
import { peopleCommands } from './commands'
import type { Keyring } from './keyring'
import { createPeople } from './people'
import type { People, PeopleWriter } from './people-interface'
import { peopleTables } from './tables'

export const manifest = {
  tables: peopleTables,
  commands: peopleCommands,
  open: (context, { keyring }: { keyring: Keyring }) => opened<People, PeopleWriter>(createPeople(context, keyring))
} satisfies Manifest
