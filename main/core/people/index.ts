export { peopleCommands } from './commands'
export { createKeyring, openKeyFile, type Keyring } from './keyring'
export { createPeople, type People, type PeopleWriter } from './people'
