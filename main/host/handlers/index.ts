import type { DrydockContract } from '../../../preload/contract'
import type { Handlers } from '../../../preload/wire/definitions'
import type { Application } from '../../core/application'
import * as list from './handler-list'

export type WindowHandlers = Handlers<DrydockContract, Application>

/** One handler for every path of the contract; the type fails to compile when one is missing. */
export const handlers: WindowHandlers = list
