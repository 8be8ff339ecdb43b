import type { Migration } from '../ledger/ledger'
import { migration0001 } from './0001-workspace'
import { migration0002 } from './0002-datasets'
import { migration0003 } from './0003-journal'
import { migration0004 } from './0004-experiments'
import { migration0005 } from './0005-models'
import { migration0006 } from './0006-governance'

/** In order; append only. */
export const migrations: readonly Migration[] = [migration0001, migration0002, migration0003, migration0004, migration0005, migration0006]
